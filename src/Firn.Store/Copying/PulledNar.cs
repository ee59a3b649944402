using System.Buffers;

namespace Firn.Store.Copying;

/// <summary>Turns something that writes into a stream that can be read, holding no more than a few pieces of it.</summary>
/// <remarks>The writer runs on a thread of its own and waits while nobody reads.</remarks>
public sealed class PulledNar : Stream
{
    private const int MaxPending = 8;
    private const int PieceSize = 64 * 1024;

    private readonly object _lock = new();
    private readonly Queue<ArraySegment<byte>> _pieces = new();
    private readonly Thread _writer;
    private ArraySegment<byte> _current = ArraySegment<byte>.Empty;
    private byte[]? _whole;
    private bool _isDone;
    private bool _isAbandoned;
    private Exception? _failure;

    /// <summary>Starts <paramref name="write"/>.</summary>
    public PulledNar(Action<Stream> write)
    {
        _writer = new Thread(() =>
        {
            try
            {
                using var buffered = new BufferedStream(new Sink(this), PieceSize);
                write(buffered);
                buffered.Flush();
            }
            catch (Exception e)
            {
                _failure = e;
            }

            lock (_lock)
            {
                _isDone = true;
                Monitor.PulseAll(_lock);
            }
        })
        {
            IsBackground = true,
            Name = "nar writer",
        };
        _writer.Start();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads; what made the writer fail is thrown here, once all it wrote before is read.</summary>
    public override int Read(Span<byte> buffer)
    {
        if (_current.Count == 0)
        {
            lock (_lock)
            {
                while (_pieces.Count == 0 && !_isDone)
                {
                    Monitor.Wait(_lock);
                }

                if (!_pieces.TryDequeue(out var next))
                {
                    return _failure is null ? 0 : throw _failure;
                }

                GiveBack();
                (_whole, _current) = (next.Array, next);
                Monitor.PulseAll(_lock);
            }
        }

        var count = Math.Min(buffer.Length, _current.Count);
        _current.AsSpan(0, count).CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                _isAbandoned = true;
                _pieces.Clear();
                Monitor.PulseAll(_lock);
            }

            _writer.Join();
            GiveBack();
        }

        base.Dispose(disposing);
    }

    private void GiveBack()
    {
        if (_whole is { } done)
        {
            (_whole, _current) = (null, ArraySegment<byte>.Empty);
            ArrayPool<byte>.Shared.Return(done);
        }
    }

    private void Add(ReadOnlySpan<byte> piece)
    {
        lock (_lock)
        {
            while (_pieces.Count >= MaxPending && !_isAbandoned)
            {
                Monitor.Wait(_lock);
            }

            if (_isAbandoned)
            {
                throw new IOException("nobody reads the archive any more");
            }

            var copy = ArrayPool<byte>.Shared.Rent(piece.Length);
            piece.CopyTo(copy);
            _pieces.Enqueue(new(copy, 0, piece.Length));
            Monitor.PulseAll(_lock);
        }
    }

    private sealed class Sink(PulledNar owner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => owner.Add(buffer);

        public override void Write(byte[] buffer, int offset, int count) => owner.Add(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
