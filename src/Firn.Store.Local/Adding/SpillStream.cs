using System.Diagnostics.CodeAnalysis;

namespace Firn.Store.Local.Adding;

/// <summary>Keeps what is written to it for as long as that is not too much.</summary>
internal sealed class SpillStream(long limit) : Stream
{
    private MemoryStream? _content = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gives all that was written, to be read from the start; false when it was too much.</summary>
    internal bool TryGetContent([NotNullWhen(true)] out Stream? content)
    {
        if (_content is not null)
        {
            _content.Position = 0;
        }

        content = _content;
        return content is not null;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_content is not null && _content.Length + buffer.Length > limit)
        {
            _content = null;
        }

        _content?.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
