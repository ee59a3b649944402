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

    private const long MaxSize = 1L << 35;
    private const long MinSize = 1L << 28;
    private const long CommitStep = 1L << 25;
    private const long PageSize = 1 << 14;

    private static readonly Lock _lock = new();
    private static readonly List<(long Start, long Length)> _free = [];
    private static long _size;
    private static long _committed;
    private static long _next;

    /// <summary>Returns memory of at least <paramref name="length"/> bytes, all zeros.</summary>
    /// <exception cref="InsufficientMemoryException">There is none left.</exception>
    public static (long Start, long Length) Take(long length)
    {
        // Only whole pages can be given back.
        length = (length + PageSize - 1) / PageSize * PageSize;
        lock (_lock)
        {
            for (var i = _free.Count - 1; i >= 0; i--)
            {
                if (_free[i].Length >= length)
                {
                    var known = _free[i];
                    _free.RemoveAt(i);
                    return known;
                }
            }

            if (_size == 0)
            {
                Reserve();
            }

            var start = _next;
            var end = start + length;
            if (end > _size)
            {
                throw OutOfMemory();
            }

            if (end > _committed)
            {
                var more = (end - _committed + CommitStep - 1) / CommitStep * CommitStep;
                more = Math.Min(more, _size - _committed);
                if (!ReservedMemory.Commit((nuint)(Start + _committed), more, hugePages: _committed > 0))
                {
                    throw OutOfMemory();
                }

                _committed += more;
            }

            _next = end;
            return (Start + start, length);
        }
    }

    /// <summary>Takes memory back that nothing uses any more.</summary>
    public static void Return((long Start, long Length) chunk)
    {
        ReservedMemory.Clear((nuint)chunk.Start, chunk.Length);
        lock (_lock)
        {
            _free.Add(chunk);
        }
    }

    private static void Reserve()
    {
        _size = ReservedMemory.Reserve(unchecked((nuint)Start), MaxSize, MinSize);
        if (_size == 0)
        {
            throw OutOfMemory();
        }

        if (!ReservedMemory.Commit(unchecked((nuint)Start), _committed = Math.Min(CommitStep, _size), hugePages: false))
        {
            throw OutOfMemory();
        }

        _next = PageSize;
    }

    private static InsufficientMemoryException OutOfMemory() => new("there is no memory left for values of the language");
}
