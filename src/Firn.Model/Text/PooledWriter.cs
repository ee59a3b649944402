using System.Buffers;

namespace Firn.Model.Text;

/// <summary>Collects bytes in a borrowed buffer: a NixOS system writes some 9,000 derivations' texts, each for its hash only.</summary>
internal sealed class PooledWriter : IBufferWriter<byte>, IDisposable
{
    private const int StartSize = 1 << 15;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(StartSize);
    private int _count;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _count);

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
