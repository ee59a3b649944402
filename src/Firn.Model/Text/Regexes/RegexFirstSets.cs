namespace Firn.Model.Text.Regexes;

/// <summary>
/// What can follow from a state: the bytes it can consume next, and how it can end the match instead.
/// </summary>
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
                viable.AddAll();
            }

            return viable;
        }
    }
}

/// <summary>Finds what can follow from the states of a graph.</summary>
internal sealed class RegexFirstSets(RegexGraph graph, RegexMode mode)
{
    /// <summary>
    /// How many steps are spent on an expression; behind that every state is taken to lead anywhere.
    /// </summary>
    private const int StepLimit = 1_000_000;

    private readonly RegexFirstSet?[] _known = new RegexFirstSet?[graph.States.Length];
    private readonly int[] _seen = new int[2 * graph.States.Length];
    private readonly List<int> _visited = [];
    private int _visit;
    private int _steps;

    internal RegexFirstSet Of(int state) => _known[state] ??= Find(state);

    /// <summary>Whether <paramref name="target"/> can be reached without consuming a byte.</summary>
    internal bool ReachesIdly(int from, int target)
    {
        Visit(from);
        return _steps > StepLimit || _seen[2 * target] == _visit || _seen[(2 * target) + 1] == _visit;
    }

    private RegexFirstSet Find(int start)
    {
        Visit(start);
        var bytes = default(ByteSet);
        var (canAlwaysEnd, canEnd, needsStart) = (false, false, false);
        if (_steps > StepLimit)
        {
            bytes.AddAll();
            return new RegexFirstSet(bytes, mode == RegexMode.Prefix, true, true);
        }

        foreach (var visited in _visited)
        {
            var (state, atEnd) = (graph.States[visited >> 1], (visited & 1) != 0);
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

    /// <summary>
    /// Collects what can be reached without consuming: states twice over, odd when behind a <c>$</c>.
    /// </summary>
    private void Visit(int start)
    {
        _visit++;
        _visited.Clear();
        Push(start, 0);
        for (var next = 0; next < _visited.Count && _steps <= StepLimit; next++)
        {
            _steps++;
            var state = graph.States[_visited[next] >> 1];
            if (state.Operation is RegexOperation.Match or RegexOperation.Accept)
            {
                continue;
            }

            var atEnd = (_visited[next] & 1) | (state.Operation == RegexOperation.TextEnd ? 1 : 0);
            Push(state.Next, atEnd);
            if (state.IsBranch)
            {
                Push(state.Alternate, atEnd);
            }
        }
    }

    private void Push(int state, int atEnd)
    {
        var place = (2 * state) + atEnd;
        if (_seen[place] != _visit)
        {
            _seen[place] = _visit;
            _visited.Add(place);
        }
    }
}
