using System.Buffers;

namespace Firn.Model.Text.Regexes;

/// <summary>What a matcher does when a way has come to its end.</summary>
internal enum RegexFrameKind
{
    /// <summary>Puts <c>B</c> back into slot <c>A</c>.</summary>
    Restore,

    /// <summary>
    /// Goes on at instruction <c>A</c>, position <c>B</c>, idle turns <c>C</c>, if nothing matched since.
    /// </summary>
    Resume,

    /// <summary>
    /// Goes on likewise whether or not something matched: the other alternative may match more.
    /// </summary>
    Rival,

    /// <summary>
    /// Behind a rival: something has matched if it had before (<c>A</c> is 1) or has since.
    /// </summary>
    Merge,

    /// <summary>Notes how instruction <c>A</c> fared at position <c>B</c> with idle turns <c>C</c>.</summary>
    Note,
}

/// <summary>One thing that a matcher has yet to do.</summary>
internal readonly record struct RegexFrame(RegexFrameKind Kind, int A, int B, int C);

/// <summary>
/// What a matcher has yet to do, the latest first; grows on the heap, never on the thread's stack.
/// </summary>
internal ref struct RegexStack(Span<RegexFrame> initial)
{
    private Span<RegexFrame> _frames = initial;
    private RegexFrame[]? _rented;
    private int _count;

    internal readonly bool IsEmpty => _count == 0;

    internal void Push(RegexFrameKind kind, int a, int b, int c)
    {
        if (_count == _frames.Length)
        {
            Grow();
        }

        _frames[_count++] = new RegexFrame(kind, a, b, c);
    }

    internal bool TryPop(out RegexFrame frame)
    {
        if (_count == 0)
        {
            frame = default;
            return false;
        }

        frame = _frames[--_count];
        return true;
    }

    internal void Clear() => _count = 0;

    internal void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<RegexFrame>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<RegexFrame>.Shared.Rent(2 * _frames.Length);
        _frames[.._count].CopyTo(larger);
        Return();
        _rented = larger;
        _frames = larger;
    }
}
