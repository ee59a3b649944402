using System.Buffers;
using Firn.Archive.Compression;
using Firn.Archive.Nars;

namespace Firn.Store.Copying;

/// <summary>Turns something that writes into a stream that can be read, holding no more than a few pieces of it.</summary>
/// <remarks>The writer runs on a thread of its own and waits while nobody reads.</remarks>
public sealed class PulledNar : ReadOnlyStream, ILendingStream
{
    /// <summary>How much is handed over at a time: each time costs the threads a word with each other.</summary>
    public const int PieceSize = 256 * 1024;

    private const int MaxPending = 4;

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
        : this((Sink sink) => write(sink))
    {
    }

    private PulledNar(Action<Sink> write)
    {
        _writer = new Thread(() =>
        {
            using var sink = new Sink(this);
            try
            {
                write(sink);
                sink.HandOver();
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

    /// <summary>Starts reading what <paramref name="open"/> opens, ahead of its own reader.</summary>
    public static PulledNar Of(Func<Stream> open) => new((Sink sink) =>
    {
        using var source = open();
        sink.TakeAll(source);
    });

    /// <summary>Reads; what made the writer fail is thrown here, once all it wrote before is read.</summary>
    public override int Read(Span<byte> buffer)
    {
        var lent = Lend(buffer.Length);
        lent.CopyTo(buffer);
        return lent.Length;
    }

    public ReadOnlySpan<byte> Lend(long max)
    {
        if (_current.Count == 0)
        {
            GiveBack();
            _current = Take();
            _whole = _current.Array;
        }

        var lent = _current[..(int)Math.Min(max, _current.Count)];
        _current = _current[lent.Count..];
        return lent;
    }

    private ArraySegment<byte> Take()
    {
        lock (_lock)
        {
            while (_pieces.Count == 0 && !_isDone)
            {
                Monitor.Wait(_lock);
            }

            if (_pieces.TryDequeue(out var next))
            {
                Monitor.Pulse(_lock);
                return next;
            }

            return _failure is null ? ArraySegment<byte>.Empty : throw _failure;
        }
    }

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
        if (_whole is { Length: > 0 } done)
        {
            (_whole, _current) = (null, ArraySegment<byte>.Empty);
            ArrayPool<byte>.Shared.Return(done);
        }
    }

    private void Add(ArraySegment<byte> piece)
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

            _pieces.Enqueue(piece);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Gathers what is written, and hands it over by the piece.</summary>
    private sealed class Sink(PulledNar owner) : Stream
    {
        private byte[]? _piece;
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

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                var room = Room();
                var count = Math.Min(buffer.Length, room.Count);
                buffer[..count].CopyTo(room);
                buffer = buffer[count..];
                Filled(count);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        /// <summary>Reads a stream to its end, each byte into its place at once.</summary>
        internal void TakeAll(Stream source)
        {
            while (true)
            {
                var room = Room();
                var count = source.Read(room.Array!, room.Offset, room.Count);
                if (count == 0)
                {
                    return;
                }

                Filled(count);
            }
        }

        internal void HandOver()
        {
            if (_piece is { } piece && _filled > 0)
            {
                var content = new ArraySegment<byte>(piece, 0, _filled);
                (_piece, _filled) = (null, 0);
                owner.Add(content);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && _piece is { } piece)
            {
                _piece = null;
                ArrayPool<byte>.Shared.Return(piece);
            }

            base.Dispose(disposing);
        }

        private ArraySegment<byte> Room()
        {
            _piece ??= ArrayPool<byte>.Shared.Rent(PieceSize);
            return new(_piece, _filled, PieceSize - _filled);
        }

        private void Filled(int count)
        {
            _filled += count;
            if (_filled == PieceSize)
            {
                HandOver();
            }
        }
    }
}
