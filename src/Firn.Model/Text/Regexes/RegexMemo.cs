using System.Buffers;

namespace Firn.Model.Text.Regexes;

/// <summary>
/// Remembers which instructions were tried at which positions, so that no way is walked twice.
/// </summary>
/// <remarks>Only what was touched is cleared: a search that ends early costs nothing for the text behind it.</remarks>
internal ref struct RegexMemo
{
    /// <summary>How many bytes one match may take to remember its ways.</summary>
    private const int ByteLimit = 512 << 20;

    private readonly int _memoCount;
    private readonly int _cycleBits;
    private readonly int _origin;
    private byte[]? _entries;
    private int _cleared;

    internal RegexMemo(RegexProgram program, int origin)
    {
        (_memoCount, _cycleBits, _origin) = (program.MemoCount, 2 * program.CycleCount, origin);
    }

    /// <summary>Set when a match would take more memory than is granted.</summary>
    internal bool IsFull { get; private set; }

    /// <summary>
    /// The entry of an instruction at a position; <paramref name="turns"/> are the idle turns so far.
    /// </summary>
    internal ref byte Entry(int memo, int position, int turns)
    {
        var index = (((((long)position - _origin) * _memoCount) + memo) << _cycleBits) + turns;
        if (index >= _cleared)
        {
            index = Extend(index);
        }

        return ref _entries![index];
    }

    internal void Return()
    {
        if (_entries is not null)
        {
            ArrayPool<byte>.Shared.Return(_entries);
            _entries = null;
        }
    }

    private long Extend(long index)
    {
        if (index >= ByteLimit)
        {
            IsFull = true;
            index = 0;
        }

        if (_entries is null || index >= _entries.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(256, 2 * (index + 1)), ByteLimit));
            if (_entries is not null)
            {
                _entries.AsSpan(0, _cleared).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_entries);
            }

            _entries = larger;
        }

        if (index >= _cleared)
        {
            var end = (int)Math.Min(_entries.Length, Math.Max(index + 1, _cleared + Math.Min(_cleared + 128, 4096)));
            _entries.AsSpan(_cleared, end - _cleared).Clear();
            _cleared = end;
        }

        return index;
    }
}
