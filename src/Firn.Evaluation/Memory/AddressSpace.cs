using Firn.Platform.Linux;

namespace Firn.Evaluation.Memory;

/// <summary>Where values live: one range of addresses for the whole process, which no collector looks at.</summary>
/// <remarks>
/// It starts at an address that is known when the program is compiled, so that a 32-bit handle, which counts words of
/// eight bytes from the start, becomes an address without anything being loaded. Word 0 and its neighbours are never
/// given out: handle 0 is the empty string, the empty list and the empty set.
/// </remarks>
internal static unsafe class AddressSpace
{
    /// <summary>
    /// The first address; below what 39-bit kernels give to anything else, above what programs are linked to. It ends where
    /// valgrind keeps what is its own.
    /// </summary>
    public const long Start = 0x8_0000_0000;

    /// <summary>From here on lives what follows from files alone (<see cref="Remembering.ClosedCalls"/>).</summary>
    public const long ClosedStart = Start + ClosedOffset;

    private const long MaxSize = 1L << 35;
    private const long ClosedOffset = MaxSize / 2;
    private const long MinSize = 1L << 28;
    private const long CommitStep = 1L << 25;
    private const long PageSize = 1 << 14;

    private static readonly Lock _lock = new();
    private static readonly Arena _open = new();
    private static readonly Arena _closed = new();
    private static long _size;

    /// <summary>Whether there are addresses from <see cref="ClosedStart"/> on: not where a process may have few.</summary>
    public static bool HasClosed
    {
        get
        {
            lock (_lock)
            {
                Reserve();
                return _size == MaxSize;
            }
        }
    }

    /// <summary>Returns memory of at least <paramref name="length"/> bytes, all zeros.</summary>
    /// <param name="length">How many bytes.</param>
    /// <param name="isClosed">Whether it is from <see cref="ClosedStart"/> on.</param>
    /// <exception cref="InsufficientMemoryException">There is none left.</exception>
    public static (long Start, long Length) Take(long length, bool isClosed = false)
    {
        // Only whole pages can be given back.
        length = (length + PageSize - 1) / PageSize * PageSize;
        lock (_lock)
        {
            Reserve();
            var arena = isClosed ? _closed : _open;
            return arena.TakeFreed(length) ?? arena.TakeNew(length) ?? throw OutOfMemory();
        }
    }

    /// <summary>Takes memory back that nothing uses any more.</summary>
    public static void Return((long Start, long Length) chunk)
    {
        ReservedMemory.Clear((nuint)chunk.Start, chunk.Length);
        lock (_lock)
        {
            (chunk.Start >= ClosedStart ? _closed : _open).Free.Add(chunk);
        }
    }

    private static void Reserve()
    {
        if (_size > 0)
        {
            return;
        }

        _size = ReservedMemory.Reserve(unchecked((nuint)Start), MaxSize, MinSize);
        if (_size == 0)
        {
            throw OutOfMemory();
        }

        (_open.Start, _open.Next, _open.Size) = (Start, PageSize, _size == MaxSize ? ClosedOffset : _size);
        (_closed.Start, _closed.Size) = (ClosedStart, _size == MaxSize ? MaxSize - ClosedOffset : 0);
    }

    private static InsufficientMemoryException OutOfMemory() => new("there is no memory left for values of the language");

    // A part of the addresses, given out from the front; only used under the lock.
    private sealed class Arena
    {
        private long _committed;

        public long Start { get; set; }

        public long Size { get; set; }

        public long Next { get; set; }

        public List<(long Start, long Length)> Free { get; } = [];

        public (long Start, long Length)? TakeFreed(long length)
        {
            for (var i = Free.Count - 1; i >= 0; i--)
            {
                if (Free[i].Length >= length)
                {
                    var known = Free[i];
                    Free.RemoveAt(i);
                    return known;
                }
            }

            return null;
        }

        public (long Start, long Length)? TakeNew(long length)
        {
            var start = Next;
            var end = start + length;
            if (end > Size)
            {
                return null;
            }

            if (end > _committed)
            {
                var more = Math.Min((end - _committed + CommitStep - 1) / CommitStep * CommitStep, Size - _committed);
                if (!ReservedMemory.Commit((nuint)(Start + _committed), more, hugePages: _committed > 0))
                {
                    return null;
                }

                _committed += more;
            }

            Next = end;
            return (Start + start, length);
        }
    }
}
