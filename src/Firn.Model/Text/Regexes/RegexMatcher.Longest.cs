namespace Firn.Model.Text.Regexes;

/// <summary>
/// The run for expressions whose alternatives may match more than the first that matches at all.
/// </summary>
/// <remarks>
/// libstdc++ tries every alternative and keeps the longest match, the earlier one among equals; but it repeats a loop
/// less often only when more often leads nowhere. So it is not always POSIX's longest match that is found.
/// </remarks>
internal ref partial struct RegexMatcher
{
    private const byte Seen = 1, Matched = 2;

    private bool RunForLongest(int start, bool mayBeEmpty)
    {
        var (place, position, turns) = (0, start, 0);
        var longest = -1;
        while (true)
        {
            var hasMatched = false;
            ref readonly var instruction = ref _program.Instructions[place];
            switch (instruction.Opcode)
            {
                case RegexOpcode.Byte:
                    if (position < _text.Length && _text[position] == instruction.Argument)
                    {
                        (place, position, turns) = (instruction.Next, position + 1, 0);
                        continue;
                    }

                    break;
                case RegexOpcode.Set:
                    if (position < _text.Length && _program.Tables[instruction.Argument + _text[position]] != 0)
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
                    _stack.Push(RegexFrameKind.Restore, instruction.Argument, _slots[instruction.Argument], 0);
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
                    if (position == _text.Length)
                    {
                        place = instruction.Next;
                        continue;
                    }

                    break;
                case RegexOpcode.Accept:
                    hasMatched = mayBeEmpty || position > start;
                    if (hasMatched && position > longest)
                    {
                        longest = position;
                        _slots[1] = position;
                        _slots.CopyTo(_best);
                        if (position == _text.Length)
                        {
                            return true;
                        }
                    }

                    break;
                default:
                    if (TryBranch(instruction, position, ref turns, out hasMatched) is { } next)
                    {
                        place = next;
                        continue;
                    }

                    break;
            }

            if (!TryGoOn(hasMatched, out place, out position, out turns))
            {
                return longest >= 0;
            }
        }
    }

    private int? TryBranch(in RegexInstruction instruction, int position, ref int turns, out bool hasMatched)
    {
        hasMatched = false;
        var ways = Lookahead(instruction, position);
        var altered = turns;
        if (instruction.Memo >= 0)
        {
            ref var entry = ref _memo.Entry(instruction.Memo, position, turns);
            if (_memo.IsFull || entry != 0)
            {
                // What was found from here then starts earlier in the order than anything found now.
                hasMatched = (entry & Matched) != 0;
                return null;
            }

            entry = Seen;
            _stack.Push(RegexFrameKind.Note, instruction.Memo, position, turns);
        }

        if (instruction.Cycle >= 0 && !TryTurn(instruction.Cycle, ref altered))
        {
            ways &= RegexInstruction.Onward;
        }

        if (ways == 0)
        {
            return null;
        }

        if (ways == RegexInstruction.BothWays)
        {
            var kind = instruction.Opcode == RegexOpcode.Either ? RegexFrameKind.Rival : RegexFrameKind.Resume;
            _stack.Push(kind, instruction.Next, position, turns);
        }

        if ((ways & RegexInstruction.Alternately) == 0)
        {
            return instruction.Next;
        }

        turns = altered;
        return instruction.Alternate;
    }

    private bool TryGoOn(bool hasMatched, out int place, out int position, out int turns)
    {
        while (_stack.TryPop(out var frame))
        {
            switch (frame.Kind)
            {
                case RegexFrameKind.Restore:
                    _slots[frame.A] = frame.B;
                    continue;
                case RegexFrameKind.Note:
                    _memo.Entry(frame.A, frame.B, frame.C) |= hasMatched ? Matched : (byte)0;
                    continue;
                case RegexFrameKind.Merge:
                    hasMatched |= frame.A == 1;
                    continue;
                case RegexFrameKind.Resume when hasMatched:
                    continue;
                case RegexFrameKind.Rival:
                    _stack.Push(RegexFrameKind.Merge, hasMatched ? 1 : 0, 0, 0);
                    break;
            }

            (place, position, turns) = (frame.A, frame.B, frame.C);
            return true;
        }

        (place, position, turns) = (0, 0, 0);
        return false;
    }
}
