using System.Buffers.Binary;
using System.Text;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Wire;

/// <summary>Writes the numbers and texts of both protocols; sends them when flushed, or when there are many.</summary>
public sealed class WireWriter
{
    private readonly Stream _output;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _count;

    public WireWriter(Stream output, StoreDirectory directory)
    {
        (_output, Directory) = (output, directory);
        Rest = new View(this);
    }

    /// <summary>How paths are spelled.</summary>
    public StoreDirectory Directory { get; }

    /// <summary>The version that both sides speak; known once they have greeted each other.</summary>
    public ProtocolVersion Version { get; set; }

    /// <summary>Takes bytes as they are.</summary>
    public Stream Rest { get; }

    public void Write(ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        WriteRaw(bytes);
    }

    public void Write(long number) => Write((ulong)number);

    public void Write(bool flag) => Write(flag ? 1UL : 0UL);

    public void Write(ReadOnlySpan<byte> text)
    {
        Write((ulong)text.Length);
        WriteRaw(text);
        WriteRaw("\0\0\0\0\0\0\0"u8[..(-text.Length & 7)]);
    }

    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a list.</summary>
    public void WriteList<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        Write((ulong)items.Count);
        foreach (var item in items)
        {
            write(item);
        }
    }

    public void Flush()
    {
        SendBuffer();
        _output.Flush();
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _count)
        {
            SendBuffer();
            if (bytes.Length >= _buffer.Length)
            {
                _output.Write(bytes);
                return;
            }
        }

        bytes.CopyTo(_buffer.AsSpan(_count));
        _count += bytes.Length;
    }

    private void SendBuffer()
    {
        // Emptied first: what could not be sent must not be sent again by somebody who tries to say so.
        var count = _count;
        _count = 0;
        if (count > 0)
        {
            _output.Write(_buffer, 0, count);
        }
    }

    private sealed class View(WireWriter owner) : ForwardStream
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => owner.WriteRaw(buffer);

        public override void Flush() => owner.Flush();
    }
}
