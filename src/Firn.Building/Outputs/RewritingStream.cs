using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Outputs;

/// <summary>Passes on what is written, with digests of store paths replaced by others of the same length.</summary>
/// <remarks>The last bytes are kept back until the next come, for a digest may lie across; <see cref="Finish"/> lets them go.</remarks>
public sealed class RewritingStream(IReadOnlyDictionary<ByteString, ByteString> rewrites, Stream next) : WriteOnlyStream
{
    private readonly int _kept = rewrites.Count == 0 ? 0 : rewrites.Keys.Max(k => k.Length) - 1;
    private byte[] _buffer = new byte[64 * 1024];
    private int _used;

    /// <summary>Makes a stream that blanks one digest, as hashes of content "modulo" itself want it.</summary>
    public static RewritingStream Blanking(StorePath path, Stream next) => new(
        new Dictionary<ByteString, ByteString> { [ByteString.Of(path.Digest)] = new(new byte[StorePath.DigestLength]) }, next);

    /// <summary>Hashes what <paramref name="write"/> writes, taking the digest of <paramref name="self"/> for zeros.</summary>
    public static Hash HashModulo(HashAlgorithm algorithm, StorePath self, Action<Stream> write)
    {
        using var hash = new HashStream(algorithm);
        using var blanked = Blanking(self, hash);
        write(blanked);
        blanked.Finish();
        return hash.Finish();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, _buffer.Length - _used);
            buffer[..count].CopyTo(_buffer.AsSpan(_used));
            buffer = buffer[count..];
            _used += count;
            Pass(_kept);
        }
    }

    /// <summary>Passes on what is left.</summary>
    public void Finish() => Pass(0);

    private void Pass(int keep)
    {
        var held = _buffer.AsSpan(0, _used);
        foreach (var (from, to) in rewrites)
        {
            var rest = held;
            while (rest.IndexOf(from.Span) is >= 0 and var at)
            {
                to.Span.CopyTo(rest[at..]);
                rest = rest[(at + from.Length)..];
            }
        }

        var passed = Math.Max(0, _used - keep);
        next.Write(held[..passed]);
        held[passed..].CopyTo(_buffer);
        _used -= passed;
    }
}
