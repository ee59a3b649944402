using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Firn.Store.Local.Adding;

/// <summary>Keeps what is written to it for as long as that is not too much.</summary>
/// <param name="limit">How many bytes are too much; more than a megabyte always are.</param>
internal sealed class SpillStream(long limit) : Stream
{
    // Buffers are lent out again and again: an evaluation puts hundreds of sources into the store.
    private const int Largest = 1 << 20;
    private const int Smallest = 1 << 12;

    private byte[]? _content = ArrayPool<byte>.Shared.Rent(Smallest);
    private int _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gives all that was written, to be read from the start while this stream is open; false when it was too much.</summary>
    internal bool TryGetContent([NotNullWhen(true)] out Stream? content)
    {
        content = _content is null ? null : new MemoryStream(_content, 0, _length, writable: false);
        return content is not null;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_content is null)
        {
            return;
        }

        var length = (long)_length + buffer.Length;
        if (length > Math.Min(limit, Largest))
        {
            GiveBack();
            return;
        }

        if (length > _content.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(length, _content.Length * 2L));
            _content.AsSpan(0, _length).CopyTo(larger);
            GiveBack();
            _content = larger;
        }

        buffer.CopyTo(_content.AsSpan(_length));
        _length = (int)length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        GiveBack();
        base.Dispose(disposing);
    }

    private void GiveBack()
    {
        if (_content is not null)
        {
            ArrayPool<byte>.Shared.Return(_content);
            _content = null;
        }
    }
}
