using System.Buffers;
using System.Text;

namespace Firn.Syntax.Parsing;

/// <summary>A growing run of bytes that is used again for one literal after the other.</summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[256];
    private int _length;

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    internal void Clear() => _length = 0;

    internal void Truncate(int length) => _length = length;

    internal void Add(byte value)
    {
        Ensure(1);
        _bytes[_length++] = value;
    }

    internal void Add(ReadOnlySpan<byte> values)
    {
        Ensure(values.Length);
        values.CopyTo(_bytes.AsSpan(_length));
        _length += values.Length;
    }

    /// <summary>Adds text that is mostly ASCII.</summary>
    internal void Add(string text)
    {
        Ensure(text.Length * 3);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    void IBufferWriter<byte>.Advance(int count) => _length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Ensure(Math.Max(1, sizeHint));
        return _bytes.AsMemory(_length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Ensure(Math.Max(1, sizeHint));
        return _bytes.AsSpan(_length);
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - _length < more)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
        }
    }
}
