using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>Strings between pairs of apostrophes, whose common indentation is taken away.</summary>
public sealed partial class Parser
{
    private static readonly byte[] _newline = "\n"u8.ToArray();
    private static readonly byte[] _return = "\r"u8.ToArray();
    private static readonly byte[] _tab = "\t"u8.ToArray();

    private ScratchStack<IndentedPart> _indentedParts = new();

    /// <summary>A piece of the string; an escape is text that does not count as indentation.</summary>
    private readonly record struct IndentedPart(
        byte[] Source, int Start, int Length, int Offset, bool IsEscape, Expression? Expression)
    {
        internal ReadOnlySpan<byte> Text => Source.AsSpan(Start, Length);
    }

    private Expression ParseIndentedString()
    {
        if (_isSkimming)
        {
            return SkimIndentedString();
        }

        var open = _lexer.Start;
        var offset = _lexer.End;
        var floor = _indentedParts.Count;
        while (true)
        {
            var start = offset;
            offset = SkipIndentedText(open, offset);
            if (offset > start)
            {
                CheckNoNul(start, offset);
                _indentedParts.Push(new IndentedPart(_bytes, start, offset - start, start, IsEscape: false, null));
            }

            var next = _lexer.ByteAt(offset + 1);
            if (_bytes[offset] == '$' && next == '{')
            {
                var expressions = _expressions.Count;
                var at = offset;
                offset = ParseInterpolated(offset);
                _indentedParts.Push(new IndentedPart(_bytes, at, 0, at, IsEscape: true, _expressions.Pop()));
                _expressions.DropTo(expressions);
            }
            else if (_bytes[offset] == '\'' && next == '\'' && !IsIndentedEscape(offset))
            {
                _lexer.Resume(offset + 2);
                return StripIndentation(open, floor);
            }
            else
            {
                offset = PushIndentedEscape(offset);
            }
        }
    }

    /// <summary>Returns the offset of the next apostrophe or dollar that is more than itself.</summary>
    private int SkipIndentedText(int open, int offset)
    {
        while (true)
        {
            var length = _bytes.AsSpan(offset).IndexOfAny((byte)'$', (byte)'\'');
            if (length < 0)
            {
                throw UnclosedIndentedString(open);
            }

            offset += length;
            if (offset + 1 >= _bytes.Length)
            {
                throw UnclosedIndentedString(open);
            }

            var (first, next) = (_bytes[offset], _bytes[offset + 1]);
            if (first == '$' ? next is (byte)'{' or (byte)'\'' : next is (byte)'\'' or (byte)'$')
            {
                return offset;
            }

            // The byte behind is text too, even where it is a dollar: `$${` does not interpolate.
            offset += 2;
        }
    }

    private bool IsIndentedEscape(int offset) =>
        _lexer.ByteAt(offset + 2) is (byte)'$' or (byte)'\''
        || (_lexer.ByteAt(offset + 2) == '\\' && offset + 3 < _bytes.Length);

    private int PushIndentedEscape(int offset)
    {
        if (_bytes[offset] == '$' || _bytes[offset + 1] != '\'')
        {
            _indentedParts.Push(new IndentedPart(_bytes, offset, 1, offset, IsEscape: true, null));
            return offset + 1;
        }

        switch (_bytes[offset + 2])
        {
            case (byte)'$':
                _indentedParts.Push(new IndentedPart(_bytes, offset + 2, 1, offset, IsEscape: true, null));
                return offset + 3;
            case (byte)'\'':
                _indentedParts.Push(new IndentedPart(_bytes, offset, 2, offset, IsEscape: true, null));
                return offset + 3;
            default:
                CheckNoNul(offset + 3, offset + 4);
                _indentedParts.Push(_bytes[offset + 3] switch
                {
                    (byte)'n' => new IndentedPart(_newline, 0, 1, offset, IsEscape: true, null),
                    (byte)'r' => new IndentedPart(_return, 0, 1, offset, IsEscape: true, null),
                    (byte)'t' => new IndentedPart(_tab, 0, 1, offset, IsEscape: true, null),
                    _ => new IndentedPart(_bytes, offset + 3, 1, offset, IsEscape: true, null),
                });
                return offset + 4;
        }
    }

    private Expression StripIndentation(int open, int floor)
    {
        var parts = _indentedParts.Above(floor);
        var indentation = CommonIndentation(parts);
        var expressions = _expressions.Count;
        var atLineStart = true;
        var dropped = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Expression is { } expression)
            {
                (atLineStart, dropped) = (false, 0);
                _expressions.Push(expression);
                continue;
            }

            _text.Clear();
            CopyStripped(parts[i].Text, indentation, ref atLineStart, ref dropped);
            if (i == parts.Length - 1)
            {
                DropBlankLastLine();
            }

            if (_text.Written.Length > 0)
            {
                var start = At(parts[i].Offset);
                _expressions.Push(new StringLiteral(start, start + parts[i].Length, _text.Written.ToArray()));
            }
        }

        _indentedParts.DropTo(floor);
        var strings = _expressions.Above(expressions);
        if (strings.Length == 0 || (strings.Length == 1 && strings[0] is StringLiteral))
        {
            var value = strings.Length == 0 ? [] : ((StringLiteral)strings[0]).Value;
            _expressions.DropTo(expressions);
            return new StringLiteral(At(open), PreviousEnd, value);
        }

        return new Interpolation(At(open), PreviousEnd, _expressions.TakeAbove(expressions), isString: true);
    }

    /// <summary>Returns the smallest number of spaces in front of a line, lines of nothing but spaces apart.</summary>
    private static int CommonIndentation(ReadOnlySpan<IndentedPart> parts)
    {
        var (smallest, current, atLineStart) = (int.MaxValue, 0, true);
        foreach (ref readonly var part in parts)
        {
            if (part.IsEscape)
            {
                smallest = atLineStart ? Math.Min(smallest, current) : smallest;
                atLineStart = false;
                continue;
            }

            var text = part.Text;
            while (!text.IsEmpty)
            {
                if (!atLineStart)
                {
                    var end = text.IndexOf((byte)'\n');
                    if (end < 0)
                    {
                        break;
                    }

                    text = text[(end + 1)..];
                    (atLineStart, current) = (true, 0);
                    continue;
                }

                var spaces = text.IndexOfAnyExcept((byte)' ');
                if (spaces < 0)
                {
                    current += text.Length;
                    break;
                }

                current += spaces;
                if (text[spaces] == '\n')
                {
                    current = 0;
                }
                else
                {
                    smallest = Math.Min(smallest, current);
                    atLineStart = false;
                }

                text = text[(spaces + 1)..];
            }
        }

        return smallest;
    }

    private void CopyStripped(ReadOnlySpan<byte> text, int indentation, ref bool atLineStart, ref int dropped)
    {
        while (!text.IsEmpty)
        {
            if (atLineStart)
            {
                var spaces = text.IndexOfAnyExcept((byte)' ');
                var count = spaces < 0 ? text.Length : spaces;
                var surplus = Math.Min(count, Math.Max(0, dropped + count - indentation));
                _text.Add(text[..surplus]);
                dropped += count;
                text = text[count..];
                if (text.IsEmpty)
                {
                    return;
                }

                dropped = 0;
                atLineStart = text[0] == '\n';
                _text.Add(text[0]);
                text = text[1..];
                continue;
            }

            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..(end + 1)];
            _text.Add(line);
            atLineStart = end >= 0;
            text = text[line.Length..];
        }
    }

    private void DropBlankLastLine()
    {
        var newline = _text.Written.LastIndexOf((byte)'\n');
        if (newline >= 0 && _text.Written[(newline + 1)..].IndexOfAnyExcept((byte)' ') < 0)
        {
            _text.Truncate(newline + 1);
        }
    }

    private void CheckNoNul(int start, int end)
    {
        if (_bytes.AsSpan(start, end - start).Contains((byte)0))
        {
            throw NulInString(start, _bytes.AsSpan(start).IndexOf((byte)0) + start);
        }
    }
}
