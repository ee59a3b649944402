using System.Buffers;
using System.Text;

namespace Firn.Model.Text;

/// <summary>Collects bytes in a borrowed buffer: a NixOS system writes some 9,000 derivations' texts, each for its hash only.</summary>
internal sealed class PooledWriter : IBufferWriter<byte>, IDisposable
{
    private const int StartSize = 1 << 12;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(StartSize);
    private int _count;

    /// <summary>How many bytes were written.</summary>
    public int Count => _count;

    public Span<byte> Written => _buffer.AsSpan(0, _count);

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _buffer.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _buffer.AsSpan(_count);
    }

    /// <summary>Starts anew.</summary>
    public void Clear() => _count = 0;

    /// <summary>Leaves room for <paramref name="count"/> bytes, to be filled in later.</summary>
    public void Skip(int count)
    {
        Ensure(count);
        _count += count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _count < bytes.Length)
        {
            Ensure(bytes.Length);
        }

        bytes.CopyTo(_buffer.AsSpan(_count));
        _count += bytes.Length;
    }

    public void Write(byte value)
    {
        if (_buffer.Length == _count)
        {
            Ensure(1);
        }

        _buffer[_count++] = value;
    }

    /// <summary>Writes text as UTF-8.</summary>
    public void Write(string text)
    {
        Ensure(text.Length * 3);
        _count += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_count));
    }

    /// <summary>Writes two digits for each byte.</summary>
    public void WriteBase16(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length * 2);
        Convert.TryToHexStringLower(bytes, _buffer.AsSpan(_count), out var length);
        _count += length;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Ensure(int size)
    {
        if (_buffer.Length - _count < Math.Max(size, 1))
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _count + size));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
