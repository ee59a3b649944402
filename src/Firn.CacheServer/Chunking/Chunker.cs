using System.Buffers;

namespace Firn.CacheServer.Chunking;

/// <summary>Takes what one chunk holds; the bytes are good until it returns.</summary>
public delegate void ChunkTaker(ReadOnlySpan<byte> chunk);

/// <summary>Divides a stream where its content says so: the same content gives the same chunks, wherever it stands.</summary>
public sealed class Chunker(ChunkTaker take) : Stream
{
    private const int BufferSize = 4 * ContentCut.Max;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, BufferSize - _filled);
            bytes[..count].CopyTo(_buffer.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
            if (_filled == BufferSize)
            {
                Cut(ContentCut.Max);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Hands out what is left.</summary>
    public void Finish() => Cut(1);

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        base.Dispose(disposing);
    }

    // As long as 'atLeast' bytes are there: where a chunk ends is known once as much as the largest is there.
    private void Cut(int atLeast)
    {
        var start = 0;
        while (_filled - start >= atLeast)
        {
            var length = ContentCut.Find(_buffer.AsSpan(start, _filled - start));
            take(_buffer.AsSpan(start, length));
            start += length;
        }

        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
    }
}
