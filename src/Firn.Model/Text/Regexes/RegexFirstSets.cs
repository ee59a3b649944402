namespace Firn.Model.Text.Regexes;

/// <summary>What can follow from a state: the bytes it can consume next, and how it can end the match instead.</summary>
/// <param name="Bytes">The bytes that can be consumed next.</param>
/// <param name="CanAlwaysEnd">Whether the match can end wherever the text is not at its end.</param>
/// <param name="CanEnd">Whether the match can end where the text ends.</param>
/// <param name="NeedsStart">Whether some way on holds at the start of the text only.</param>
internal readonly record struct RegexFirstSet(ByteSet Bytes, bool CanAlwaysEnd, bool CanEnd, bool NeedsStart)
{
    /// <summary>The bytes before which this state can lead to a match.</summary>
    internal ByteSet Viable
    {
        get
        {
            var viable = Bytes;
            if (CanAlwaysEnd)
            {
                viable.AddRange(0, 255);
            }

            return viable;
        }
    }
}

/// <summary>Finds what can follow from the states of a graph.</summary>
internal sealed class RegexFirstSets(RegexGraph graph, RegexMode mode)
{
    /// <summary>How many steps are spent on an expression; behind that every state is taken to lead anywhere.</summary>
    private const int StepLimit = 1_000_000;

    private readonly Dictionary<int, RegexFirstSet> _known = [];
    private readonly Stack<(int State, bool AtEnd)> _open = new();
    private readonly HashSet<(int State, bool AtEnd)> _seen = [];
    private int _steps;

    internal RegexFirstSet Of(int state)
    {
        if (!_known.TryGetValue(state, out var first))
        {
            first = Find(state);
            _known.Add(state, first);
        }

        return first;
    }

    /// <summary>Whether <paramref name="target"/> can be reached without consuming a byte.</summary>
    internal bool ReachesIdly(int from, int target)
    {
        Visit(from);
        return _steps > StepLimit || _seen.Contains((target, false)) || _seen.Contains((target, true));
    }

    private RegexFirstSet Find(int start)
    {
        Visit(start);
        var bytes = default(ByteSet);
        var (canAlwaysEnd, canEnd, needsStart) = (false, false, false);
        if (_steps > StepLimit)
        {
            bytes.AddRange(0, 255);
            return new RegexFirstSet(bytes, mode == RegexMode.Prefix, true, true);
        }

        foreach (var (index, atEnd) in _seen)
        {
            var state = graph.States[index];
            switch (state.Operation)
            {
                case RegexOperation.Match when !atEnd:
                    bytes.UnionWith(graph.Sets[state.Argument]);
                    break;
                case RegexOperation.Accept:
                    canEnd = true;
                    canAlwaysEnd |= !atEnd && mode == RegexMode.Prefix;
                    break;
                case RegexOperation.TextStart:
                    needsStart = true;
                    break;
            }
        }

        return new RegexFirstSet(bytes, canAlwaysEnd, canEnd, needsStart);
    }

    private void Visit(int start)
    {
        _seen.Clear();
        _open.Clear();
        Push(start, atEnd: false);
        while (_steps <= StepLimit && _open.TryPop(out var at))
        {
            _steps++;
            var state = graph.States[at.State];
            if (state.Operation is RegexOperation.Match or RegexOperation.Accept)
            {
                continue;
            }

            var atEnd = at.AtEnd || state.Operation == RegexOperation.TextEnd;
            Push(state.Next, atEnd);
            if (state.IsBranch)
            {
                Push(state.Alternate, atEnd);
            }
        }
    }

    private void Push(int state, bool atEnd)
    {
        if (_seen.Add((state, atEnd)))
        {
            _open.Push((state, atEnd));
        }
    }
}
