using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Archive.Compression;
using Firn.Archive.Hashing;
using Firn.Archive.Listing;
using Firn.Archive.Nars;
using Firn.Model.Hashing;
using Firn.Platform.Files;

namespace Firn.Store.BinaryCache.Writing;

/// <summary>A NAR on its way into a cache: compressed, hashed and listed while it was read, and kept in a temporary file.</summary>
internal sealed class NarUpload : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    /// <summary>Compresses what visits the visitor that <paramref name="visit"/> gets.</summary>
    internal NarUpload(Action<INarVisitor> visit, BinaryCacheOptions options)
    {
        try
        {
            using var narHash = new HashStream(HashAlgorithm.Sha256);
            using (var file = new FileStream(_file, FileMode.Create))
            {
                using var compressed = CompressedStream.OpenWrite(
                    file, options.Compression, options.CompressionLevel, leaveOpen: true, inParallel: options.CompressesInParallel);
                var (writer, hasher, lister) = (new NarWriter(compressed), new NarWriter(narHash), new NarListingBuilder());
                visit(new TeeVisitor(new TeeVisitor(writer, hasher), lister));
                writer.Finish();
                hasher.Finish();
                Listing = lister.Finish();
            }

            Nar = new PathHash(narHash.Finish(), narHash.Count);
            File = PathHash.OfFile(_file);
            Url = $"nar/{File.Hash.Digest(HashFormat.Nix32)}.nar{Ending(options.Compression)}";
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // As C++ Nix names them: by '.gz' servers tend to say that the encoding is one of the transfer's, to be undone on the way.
    private static string Ending(CompressionMethod method) => method == CompressionMethod.Gzip ? "" : method.Ending();

    /// <summary>Hash and size of the NAR itself.</summary>
    internal PathHash Nar { get; }

    /// <summary>Hash and size of the file, which is compressed.</summary>
    internal PathHash File { get; }

    /// <summary>What is in it.</summary>
    internal NarListing Listing { get; } = null!;

    /// <summary>Where it goes.</summary>
    internal string Url { get; }

    /// <summary>Writes it to a cache, unless that has it.</summary>
    internal void WriteTo(ICacheFiles files, bool evenIfThere)
    {
        if (evenIfThere || !files.Exists(Url))
        {
            files.Write(Url, new CacheFile(() => FileHandle.OpenRead(_file), File.Size, "application/x-nix-nar"));
        }
    }

    public void Dispose() => FilePath.TryRemove(_file);

    internal static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return buffer.ToArray();
    }
}
