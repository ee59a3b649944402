namespace Firn.Model.Text.Regexes;

/// <summary>Runs a program over a text: depth first, without recursion, each way once at most.</summary>
internal ref partial struct RegexMatcher
{
    private readonly RegexProgram _program;
    private readonly RegexMode _mode;
    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<int> _slots;
    private readonly Span<int> _best;
    private readonly Span<int> _runs;
    private RegexStack _stack;
    private RegexMemo _memo;

    /// <param name="program">What to run.</param>
    /// <param name="mode">What the program was made for.</param>
    /// <param name="text">What to run it over.</param>
    /// <param name="origin">The first position that will be tried.</param>
    /// <param name="slots">Where the groups of the match go, -1 where a group has none.</param>
    /// <param name="scratch">As many as <paramref name="slots"/>, and two more for each run.</param>
    /// <param name="frames">Some room for what is yet to do.</param>
    internal RegexMatcher(
        RegexProgram program, RegexMode mode, ReadOnlySpan<byte> text, int origin,
        Span<int> slots, Span<int> scratch, Span<RegexFrame> frames)
    {
        (_program, _mode) = (program, mode);
        _text = text;
        _best = slots;
        _slots = scratch[..slots.Length];
        _runs = scratch[slots.Length..];
        _runs.Fill(-1);
        _stack = new RegexStack(frames);
        _memo = new RegexMemo(program, origin);
    }

    internal static int ScratchLength(RegexProgram program) => program.SlotCount + (2 * program.RunCount);

    internal readonly bool IsOutOfMemory => _memo.IsFull;

    internal void Return()
    {
        _stack.Return();
        _memo.Return();
    }

    /// <summary>Looks for a match that starts at <paramref name="start"/>.</summary>
    internal bool TryMatchAt(int start, bool mayBeEmpty)
    {
        _slots.Fill(-1);
        _slots[0] = start;
        _stack.Clear();
        if (!(_program.HasRivals ? RunForLongest(start, mayBeEmpty) : Run(start, mayBeEmpty)))
        {
            return false;
        }

        if (!_program.HasRivals)
        {
            _slots.CopyTo(_best);
        }

        return !_memo.IsFull;
    }

    private bool Run(int start, bool mayBeEmpty)
    {
        var instructions = _program.Instructions;
        var tables = _program.Tables;
        var text = _text;
        var (place, position, turns) = (0, start, 0);
        while (true)
        {
            ref readonly var instruction = ref instructions[place];
            switch (instruction.Opcode)
            {
                case RegexOpcode.Byte:
                    if ((uint)position < (uint)text.Length && text[position] == instruction.Argument)
                    {
                        (place, position, turns) = (instruction.Next, position + 1, 0);
                        continue;
                    }

                    break;
                case RegexOpcode.Set:
                    if ((uint)position < (uint)text.Length && tables[instruction.Argument + text[position]] != 0)
                    {
                        (place, position, turns) = (instruction.Next, position + 1, 0);
                        continue;
                    }

                    break;
                case RegexOpcode.Run:
                    var end = RunFrom(instruction, position);
                    turns = end > position ? 0 : turns;
                    (place, position) = (instruction.Next, end);
                    continue;
                case RegexOpcode.Save:
                    if (!_stack.IsEmpty)
                    {
                        _stack.Push(RegexFrameKind.Restore, instruction.Argument, _slots[instruction.Argument], 0);
                    }

                    _slots[instruction.Argument] = position;
                    place = instruction.Next;
                    continue;
                case RegexOpcode.TextStart:
                    if (position == 0)
                    {
                        place = instruction.Next;
                        continue;
                    }

                    break;
                case RegexOpcode.TextEnd:
                    if (position == text.Length)
                    {
                        place = instruction.Next;
                        continue;
                    }

                    break;
                case RegexOpcode.Accept:
                    if (_mode == RegexMode.Whole ? position == text.Length : mayBeEmpty || position > start)
                    {
                        _slots[1] = position;
                        return true;
                    }

                    break;
                default:
                    var ways = Lookahead(instruction, position);
                    if (instruction.Memo >= 0)
                    {
                        ref var entry = ref _memo.Entry(instruction.Memo, position, turns);
                        if (entry != 0)
                        {
                            break;
                        }

                        entry = 1;
                    }

                    var altered = turns;
                    if (instruction.Cycle >= 0 && !TryTurn(instruction.Cycle, ref altered))
                    {
                        ways &= RegexInstruction.Onward;
                    }

                    if (ways == 0 || _memo.IsFull)
                    {
                        break;
                    }

                    if (ways == RegexInstruction.BothWays)
                    {
                        _stack.Push(RegexFrameKind.Resume, instruction.Next, position, turns);
                    }

                    (place, turns) = (ways & RegexInstruction.Alternately) != 0
                        ? (instruction.Alternate, altered)
                        : (instruction.Next, turns);
                    continue;
            }

            if (!TryResume(out place, out position, out turns))
            {
                return false;
            }
        }
    }

    private bool TryResume(out int place, out int position, out int turns)
    {
        while (_stack.TryPop(out var frame))
        {
            if (frame.Kind == RegexFrameKind.Resume)
            {
                (place, position, turns) = (frame.A, frame.B, frame.C);
                return true;
            }

            _slots[frame.A] = frame.B;
        }

        (place, position, turns) = (0, 0, 0);
        return false;
    }

    private readonly byte Lookahead(in RegexInstruction instruction, int position) =>
        position < _text.Length ? _program.Tables[instruction.Argument + _text[position]] : instruction.AtEnd;

    /// <summary>
    /// Counts an idle turn; libstdc++ allows a loop two at one position, the second for its groups' sake.
    /// </summary>
    private static bool TryTurn(int cycle, ref int turns)
    {
        if ((turns >> (2 * cycle) & 3) == 2)
        {
            return false;
        }

        turns += 1 << (2 * cycle);
        return true;
    }

    private readonly int RunFrom(in RegexInstruction instruction, int position)
    {
        ref var known = ref _runs[2 * instruction.Alternate];
        ref var knownEnd = ref _runs[(2 * instruction.Alternate) + 1];
        if (known >= 0 && known <= position && position <= knownEnd)
        {
            return knownEnd;
        }

        var end = position;
        var set = _program.Tables.AsSpan(instruction.Argument, 256);
        while ((uint)end < (uint)_text.Length && set[_text[end]] != 0)
        {
            end++;
        }

        (known, knownEnd) = (position, end);
        return end;
    }
}
