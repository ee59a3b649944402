using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Archive.Compression;
using Firn.Archive.Listing;
using Firn.Archive.Nars;
using Firn.CacheServer.Blobs;
using Firn.Model.Hashing;
using ZstdSharp;

namespace Firn.CacheServer.Ingesting;

/// <summary>Reads a NAR to its end: whether it is one, what its hash is, what is in it.</summary>
/// <param name="NarHash">Its SHA-256.</param>
/// <param name="NarSize">Its size.</param>
/// <param name="Listing">The blob with what is in it, written by the check; null when it has too many files.</param>
internal sealed record NarCheck(Hash NarHash, long NarSize, string? Listing)
{
    /// <summary>How many entries a listing may have: it is made in memory, and somebody else says how long it gets.</summary>
    private const int MaxEntries = 200_000;

    /// <summary>Checks the NAR in <paramref name="nar"/>; its plain bytes go to <paramref name="taker"/> too.</summary>
    /// <exception cref="NarException">It is none, or something follows it.</exception>
    public static NarCheck Read(Stream nar, Stream taker, IBlobs blobs)
    {
        using var hash = new HashStream(HashAlgorithm.Sha256);
        var lister = new BoundedListing();
        var observed = new ObservedStream(nar, hash, taker);
        var buffered = new BufferedStream(observed, 64 * 1024);
        NarReader.Read(buffered, lister);
        if (buffered.ReadByte() >= 0)
        {
            throw new NarException("something follows the archive");
        }

        var size = hash.Count;
        return new NarCheck(hash.Finish(), size, lister.Finish() is { } listing ? Write(listing, blobs) : null);
    }

    private static string Write(NarListing listing, IBlobs blobs)
    {
        using var text = new MemoryStream();
        using (var compressed = new CompressionStream(text, leaveOpen: true))
        using (var json = new Utf8JsonWriter(compressed, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            listing.WriteFile(json);
        }

        using var blob = blobs.Create();
        blob.Write(text.GetBuffer().AsSpan(0, (int)text.Length));
        blob.Commit();
        return blob.Name;
    }

    /// <summary>Shows what is read to two others.</summary>
    private sealed class ObservedStream(Stream source, Stream first, Stream second) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            var count = source.Read(buffer);
            first.Write(buffer[..count]);
            second.Write(buffer[..count]);
            return count;
        }
    }

    /// <summary>Makes a listing until it gets too long.</summary>
    private sealed class BoundedListing : INarVisitor
    {
        private NarListingBuilder? _builder = new();
        private int _count;

        public NarListing? Finish() => _builder?.Finish();

        public void BeginFile(bool isExecutable, long size) => _builder?.BeginFile(isExecutable, size);

        public void Write(ReadOnlySpan<byte> content) => _builder?.Write(content);

        public void EndFile() => _builder?.EndFile();

        public void Symlink(ReadOnlySpan<byte> target) => _builder?.Symlink(target);

        public void BeginDirectory() => _builder?.BeginDirectory();

        public void Entry(ReadOnlySpan<byte> name)
        {
            _builder = ++_count > MaxEntries ? null : _builder;
            _builder?.Entry(name);
        }

        public void EndDirectory() => _builder?.EndDirectory();
    }
}
