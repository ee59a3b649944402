namespace Firn.Model.Text.Regexes;

/// <summary>
/// Turns the graph of an expression into a program: joints go, and each branch learns which bytes it can lead
/// on with.
/// </summary>
internal sealed class RegexCompiler
{
    /// <summary>Loops beyond this number that can turn without consuming are not counted, only cut.</summary>
    internal const int CycleLimit = 3;

    /// <summary>
    /// A large expression's branches are alike: they share few lookaheads, or it does not matter.
    /// </summary>
    private const int LookaheadsCompared = 32;

    private readonly RegexGraph _graph;
    private readonly RegexMode _mode;
    private readonly RegexFirstSets _firsts;
    private readonly List<RegexInstruction> _instructions = [];
    private readonly int[] _places;
    private readonly int[] _setTables;
    private readonly List<(ByteSet Alternate, ByteSet Next, int Offset)> _lookaheads = [];
    private byte[] _tables = new byte[256];
    private int _tablesLength;
    private readonly Stack<int> _open = new();
    private int _memos;
    private int _cycles;
    private int _runs;
    private bool _hasRivals;

    private RegexCompiler(RegexGraph graph, RegexMode mode)
    {
        (_graph, _mode) = (graph, mode);
        _firsts = new RegexFirstSets(graph, mode);
        _places = new int[graph.States.Length];
        _setTables = new int[graph.Sets.Count];
        _places.AsSpan().Fill(-1);
        _setTables.AsSpan().Fill(-1);
    }

    internal static RegexProgram Compile(RegexGraph graph, RegexFragment whole, int groupCount, RegexMode mode) =>
        new RegexCompiler(graph, mode).Compile(whole.Start, groupCount);

    private RegexProgram Compile(int start, int groupCount)
    {
        Place(start);
        while (_open.TryPop(out var state))
        {
            var instruction = Translate(state);
            _instructions[_places[state]] = instruction;
        }

        var first = _firsts.Of(_graph.Skip(start));
        return new RegexProgram
        {
            Instructions = [.. _instructions],
            Tables = _tables,
            SlotCount = 2 * (groupCount + 1),
            MemoCount = _memos,
            CycleCount = Math.Min(_cycles, CycleLimit),
            RunCount = _runs,
            HasRivals = _hasRivals,
            FirstBytes = first.CanEnd ? null : first.Bytes,
            IsAnchored = IsAnchored(start),
        };
    }

    private bool IsAnchored(int state)
    {
        state = _graph.Skip(state);
        while (_graph.States[state].Operation == RegexOperation.Open)
        {
            state = _graph.Skip(_graph.States[state].Next);
        }

        return _graph.States[state].Operation == RegexOperation.TextStart;
    }

    /// <summary>The place of a state's instruction, which is written later if it is new.</summary>
    private int Place(int state)
    {
        state = _graph.Skip(state);
        if (_places[state] < 0)
        {
            _places[state] = _instructions.Count;
            _instructions.Add(default);
            _open.Push(state);
        }

        return _places[state];
    }

    private RegexInstruction Translate(int index)
    {
        var state = _graph.States[index];
        var instruction = new RegexInstruction { Memo = -1, Cycle = -1 };
        switch (state.Operation)
        {
            case RegexOperation.Match:
                var set = _graph.Sets[state.Argument];
                (instruction.Opcode, instruction.Argument) = set.Count == 1
                    ? (RegexOpcode.Byte, set.First)
                    : (RegexOpcode.Set, SetTable(state.Argument));
                break;
            case RegexOperation.Open or RegexOperation.Close:
                instruction.Opcode = RegexOpcode.Save;
                instruction.Argument = (2 * state.Argument) + (state.Operation == RegexOperation.Close ? 1 : 0);
                break;
            case RegexOperation.TextStart:
                instruction.Opcode = RegexOpcode.TextStart;
                break;
            case RegexOperation.TextEnd:
                instruction.Opcode = RegexOpcode.TextEnd;
                break;
            case RegexOperation.Accept:
                instruction.Opcode = RegexOpcode.Accept;
                return instruction;
            default:
                return Branch(index, state);
        }

        instruction.Next = Place(state.Next);
        return instruction;
    }

    private RegexInstruction Branch(int index, RegexState state)
    {
        var alternate = _firsts.Of(_graph.Skip(state.Alternate));
        var next = _firsts.Of(_graph.Skip(state.Next));
        var body = _graph.States[_graph.Skip(state.Alternate)];
        if (state.Operation == RegexOperation.Repeat && body.Operation == RegexOperation.Match
            && _graph.Skip(body.Next) == index && !next.NeedsStart
            && !next.Bytes.Overlaps(_graph.Sets[body.Argument]))
        {
            // Going on early would meet a byte of the set, which the rest cannot start with; and when the rest can
            // be empty, the longest run has matched first.
            return new RegexInstruction
            {
                Opcode = RegexOpcode.Run,
                Argument = SetTable(body.Argument),
                Alternate = _runs++,
                Next = Place(state.Next),
                Memo = -1,
                Cycle = -1,
            };
        }

        var cycles = state.Operation == RegexOperation.Repeat && _firsts.ReachesIdly(state.Alternate, index);
        var isAmbiguous = alternate.CanAlwaysEnd || next.CanAlwaysEnd || alternate.Bytes.Overlaps(next.Bytes)
            || (alternate.CanEnd && next.CanEnd);
        _hasRivals |= isAmbiguous && _mode == RegexMode.Prefix && state.Operation == RegexOperation.Either;
        return new RegexInstruction
        {
            Opcode = state.Operation == RegexOperation.Repeat ? RegexOpcode.Repeat : RegexOpcode.Either,
            Argument = Lookahead(alternate, next),
            AtEnd = (byte)((alternate.CanEnd ? RegexInstruction.Alternately : 0)
                | (next.CanEnd ? RegexInstruction.Onward : 0)),

            // A search tries many starts, so that there even a loop without a choice must not be walked again.
            Memo = isAmbiguous || cycles || (_mode == RegexMode.Prefix && state.Operation == RegexOperation.Repeat)
                ? _memos++
                : -1,
            Cycle = (sbyte)(cycles && _cycles++ < CycleLimit ? _cycles - 1 : -1),
            Alternate = Place(state.Alternate),
            Next = Place(state.Next),
        };
    }

    private int SetTable(int set)
    {
        if (_setTables[set] < 0)
        {
            _setTables[set] = AddTable();
            _graph.Sets[set].Mark(_tables.AsSpan(_setTables[set], 256), 1);
        }

        return _setTables[set];
    }

    private int Lookahead(RegexFirstSet alternate, RegexFirstSet next)
    {
        var (one, other) = (alternate.Viable, next.Viable);
        foreach (var known in _lookaheads)
        {
            if (known.Alternate.Equals(one) && known.Next.Equals(other))
            {
                return known.Offset;
            }
        }

        var offset = AddTable();
        one.Mark(_tables.AsSpan(offset, 256), RegexInstruction.Alternately);
        other.Mark(_tables.AsSpan(offset, 256), RegexInstruction.Onward);
        if (_lookaheads.Count < LookaheadsCompared)
        {
            _lookaheads.Add((one, other, offset));
        }

        return offset;
    }

    private int AddTable()
    {
        if (_tablesLength == _tables.Length)
        {
            Array.Resize(ref _tables, 2 * _tables.Length);
        }

        _tablesLength += 256;
        return _tablesLength - 256;
    }
}
