using System.Security.Cryptography;
using ZstdSharp;

namespace Firn.CacheServer.Ingesting;

/// <summary>Turns chunks into zstd frames and back; for one thread at a time.</summary>
public sealed class ChunkFrames : IDisposable
{
    /// <summary>zstd's customary level: what is stored once is read often, and slower ones gain little on chunks this small.</summary>
    private const int Level = 3;

    /// <summary>No frame of a chunk is larger.</summary>
    public static readonly int MaxFrame = Compressor.GetCompressBound(Chunking.ContentCut.Max);

    private readonly Compressor _compressor = new(Level);
    private readonly Decompressor _decompressor = new();
    private readonly byte[] _frame = new byte[MaxFrame];
    private readonly byte[] _plain = new byte[Chunking.ContentCut.Max];

    /// <summary>Returns the name that a chunk has by its content.</summary>
    public static string HashOf(ReadOnlySpan<byte> chunk)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(chunk, digest);
        return Convert.ToBase64String(digest);
    }

    /// <summary>Compresses a chunk; the result is good until the next call.</summary>
    public ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> chunk) => _frame.AsMemory(0, _compressor.Wrap(chunk, _frame));

    /// <summary>Decompresses a frame that must hold <paramref name="size"/> bytes; the result is good until the next call.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public ReadOnlyMemory<byte> Decompress(ReadOnlySpan<byte> frame, int size)
    {
        try
        {
            var length = _decompressor.Unwrap(frame, _plain);
            return length == size ? _plain.AsMemory(0, length) : throw new InvalidDataException($"a chunk has {length} bytes instead of {size}");
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException($"a chunk is damaged: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
    }
}
