using Firn.Archive.Compression;
using Firn.CacheServer.Blobs;
using Firn.CacheServer.Metadata;

namespace Firn.CacheServer.Ingesting;

/// <summary>Reads the frames of stored chunks, keeping the blob open that was read last.</summary>
internal sealed class FrameReader(IBlobs blobs) : IDisposable
{
    private readonly byte[] _frame = new byte[ChunkFrames.MaxFrame];
    private IBlob? _blob;
    private string? _name;

    /// <summary>Reads the frame of a chunk; the result is good until the next call.</summary>
    /// <exception cref="CacheServerException">It is not where it should be.</exception>
    public ReadOnlySpan<byte> Read(StoredChunk chunk)
    {
        if (_name != chunk.Blob)
        {
            _blob?.Dispose();
            (_name, _blob) = (chunk.Blob, blobs.Open(chunk.Blob));
        }

        var frame = _frame.AsSpan(0, chunk.Stored);
        for (var filled = 0; filled < frame.Length;)
        {
            var count = _blob?.Read(frame[filled..], chunk.Offset + filled) ?? 0;
            filled += count > 0 ? count : throw new CacheServerException(
                CacheServerErrors.Damaged, $"the cache's storage has lost the chunk at {chunk.Offset} in '{chunk.Blob}'");
        }

        return frame;
    }

    public void Dispose() => _blob?.Dispose();
}

/// <summary>The plain bytes of a sequence of stored chunks.</summary>
internal sealed class ChunkReader(IBlobs blobs, IReadOnlyList<StoredChunk> chunks) : ReadOnlyStream
{
    private readonly FrameReader _reader = new(blobs);
    private readonly ChunkFrames _frames = new();
    private ReadOnlyMemory<byte> _current;
    private int _next;

    public override int Read(Span<byte> buffer)
    {
        while (_current.IsEmpty)
        {
            if (_next == chunks.Count)
            {
                return 0;
            }

            var chunk = chunks[_next++];
            _current = _frames.Decompress(_reader.Read(chunk), chunk.Size);
        }

        var count = Math.Min(buffer.Length, _current.Length);
        _current.Span[..count].CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader.Dispose();
            _frames.Dispose();
        }

        base.Dispose(disposing);
    }
}
