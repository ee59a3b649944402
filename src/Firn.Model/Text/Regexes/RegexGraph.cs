using System.Runtime.InteropServices;

namespace Firn.Model.Text.Regexes;

/// <summary>What a state of a regular expression does.</summary>
internal enum RegexOperation : byte
{
    /// <summary>Nothing; it joins fragments and is left out of the finished program.</summary>
    Join,

    /// <summary>Consumes one byte of a set.</summary>
    Match,

    /// <summary>
    /// Goes on with <c>Alternate</c> (once more); only when that leads nowhere, with <c>Next</c>.
    /// </summary>
    Repeat,

    /// <summary>Tries both <c>Alternate</c> and <c>Next</c>, in this order.</summary>
    Either,

    /// <summary>A group begins.</summary>
    Open,

    /// <summary>A group ends.</summary>
    Close,

    /// <summary>Holds at the start of the text.</summary>
    TextStart,

    /// <summary>Holds at the end of the text.</summary>
    TextEnd,

    /// <summary>The whole expression has matched.</summary>
    Accept,
}

/// <summary>One state; <c>Argument</c> is the index of a byte set or the number of a group.</summary>
internal record struct RegexState(RegexOperation Operation, int Argument, int Next, int Alternate)
{
    internal const int None = -1;

    internal readonly bool IsBranch => Operation is RegexOperation.Repeat or RegexOperation.Either;
}

/// <summary>A part of the graph with one way in and one way out.</summary>
internal readonly record struct RegexFragment(int Start, int End);

/// <summary>The states of a regular expression while it is put together.</summary>
internal sealed class RegexGraph
{
    /// <summary>How many states C++ Nix grants an expression (libstdc++'s limit).</summary>
    internal const int StateLimit = 100_000;

    private readonly List<RegexState> _states = [];
    private readonly List<ByteSet> _sets = [];
    private readonly Dictionary<ByteSet, int> _setIndexes = [];

    internal ReadOnlySpan<RegexState> States => CollectionsMarshal.AsSpan(_states);

    internal IReadOnlyList<ByteSet> Sets => _sets;

    /// <summary>Set once the limit is passed; the graph is of no use from then on.</summary>
    internal bool IsFull { get; private set; }

    /// <summary>The first state from <paramref name="state"/> on that is no joint.</summary>
    internal int Skip(int state)
    {
        while (_states[state].Operation == RegexOperation.Join)
        {
            state = _states[state].Next;
        }

        return state;
    }

    /// <summary>The bytes of an expression that is nothing but bytes; null for any other.</summary>
    internal byte[]? Literal(RegexFragment whole)
    {
        var bytes = new List<byte>();
        var state = Skip(whole.Start);
        for (; _states[state].Operation == RegexOperation.Match; state = Skip(_states[state].Next))
        {
            var set = _sets[_states[state].Argument];
            if (set.Count != 1)
            {
                return null;
            }

            bytes.Add((byte)set.First);
        }

        return _states[state].Operation == RegexOperation.Accept ? [.. bytes] : null;
    }

    internal RegexFragment Add(RegexOperation operation, int argument = 0, int alternate = RegexState.None)
    {
        IsFull |= _states.Count >= StateLimit;
        if (!IsFull)
        {
            _states.Add(new RegexState(operation, argument, RegexState.None, alternate));
        }

        return new RegexFragment(_states.Count - 1, _states.Count - 1);
    }

    internal RegexFragment AddMatch(in ByteSet set)
    {
        if (!_setIndexes.TryGetValue(set, out var index))
        {
            index = _sets.Count;
            _sets.Add(set);
            _setIndexes.Add(set, index);
        }

        return Add(RegexOperation.Match, index);
    }

    internal RegexFragment Append(RegexFragment first, RegexFragment second)
    {
        Link(first.End, second.Start);
        return first with { End = second.End };
    }

    internal RegexFragment Alternatives(RegexFragment left, RegexFragment right)
    {
        var end = Add(RegexOperation.Join);
        Link(left.End, end.Start);
        Link(right.End, end.Start);
        var either = Add(RegexOperation.Either, alternate: left.Start);
        Link(either.Start, right.Start);
        return new RegexFragment(either.Start, end.End);
    }

    internal RegexFragment ZeroOrMore(RegexFragment body)
    {
        var repeat = Add(RegexOperation.Repeat, alternate: body.Start);
        Link(body.End, repeat.Start);
        return repeat;
    }

    internal RegexFragment OneOrMore(RegexFragment body) =>
        Append(body, Add(RegexOperation.Repeat, alternate: body.Start));

    internal RegexFragment Optional(RegexFragment body)
    {
        var end = Add(RegexOperation.Join);
        var repeat = Add(RegexOperation.Repeat, alternate: body.Start);
        Link(body.End, end.Start);
        return Append(repeat, end);
    }

    /// <summary>
    /// At least <paramref name="least"/> times, at most so many more; null is without bound.
    /// </summary>
    internal RegexFragment Times(RegexFragment body, int least, int? more)
    {
        var whole = Add(RegexOperation.Join);
        for (var i = 0; i < least && !IsFull; i++)
        {
            whole = Append(whole, Clone(body));
        }

        if (more is null)
        {
            return Append(whole, ZeroOrMore(Clone(body)));
        }

        var end = Add(RegexOperation.Join);
        for (var i = 0; i < more && !IsFull; i++)
        {
            var clone = Clone(body);
            var repeat = Add(RegexOperation.Repeat, alternate: clone.Start);
            Link(whole.End, repeat.Start);
            Link(repeat.End, end.Start);
            whole = whole with { End = clone.End };
        }

        return Append(whole, end);
    }

    private void Link(int from, int to)
    {
        if (!IsFull)
        {
            CollectionsMarshal.AsSpan(_states)[from].Next = to;
        }
    }

    private RegexFragment Clone(RegexFragment body)
    {
        var copies = new Dictionary<int, int>();
        var open = new Stack<int>([body.Start]);
        while (open.TryPop(out var original) && !IsFull)
        {
            if (copies.ContainsKey(original))
            {
                continue;
            }

            var state = _states[original];
            copies[original] = Add(state.Operation, state.Argument, state.Alternate).Start;
            if (state.Alternate != RegexState.None)
            {
                open.Push(state.Alternate);
            }

            if (original != body.End)
            {
                open.Push(state.Next);
            }
        }

        if (IsFull)
        {
            return body;
        }

        var states = CollectionsMarshal.AsSpan(_states);
        foreach (var (original, copy) in copies)
        {
            states[copy].Next = original == body.End ? RegexState.None : copies[states[original].Next];
            if (states[copy].Alternate != RegexState.None)
            {
                states[copy].Alternate = copies[states[copy].Alternate];
            }
        }

        return new RegexFragment(copies[body.Start], copies[body.End]);
    }
}
