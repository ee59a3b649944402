using System.Buffers;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>Strings in double quotes, as values and as attribute names.</summary>
public sealed partial class Parser
{
    private static readonly SearchValues<byte> _specialInString = SearchValues.Create("\"\\$\r\0"u8);

    private readonly ByteBuffer _text = new();

    private Expression ParseString()
    {
        if (_isSkimming)
        {
            return SkimString();
        }

        var open = _lexer.Start;
        var offset = _lexer.End;
        var floor = _expressions.Count;
        var interpolates = false;
        while (true)
        {
            var start = offset;
            var literal = ReadLiteral(open, ref offset);
            if (_lexer.ByteAt(offset) == '"')
            {
                _lexer.Resume(offset + 1);
                if (!interpolates)
                {
                    return new StringLiteral(At(open), PreviousEnd, literal);
                }

                PushLiteral(literal, start, offset);
                return new Interpolation(At(open), PreviousEnd, _expressions.TakeAbove(floor), isString: true);
            }

            interpolates = true;
            PushLiteral(literal, start, offset);
            offset = ParseInterpolated(offset);
        }
    }

    private AttributeName ParseQuotedName()
    {
        var start = _lexer.Start;
        var rest = _bytes.AsSpan(_lexer.End);
        var length = rest.IndexOfAny(_specialInString);
        if (length >= 0 && rest[length] == '"')
        {
            var symbol = _symbols.Intern(rest[..length]);
            _lexer.Resume(_lexer.End + length + 1);
            return new AttributeName(symbol, null, At(start), PreviousEnd);
        }

        var isSkimming = _isSkimming;
        _isSkimming = false;
        var name = ParseString();
        _isSkimming = isSkimming;
        return MakeName(name, At(start), PreviousEnd);
    }

    /// <summary>Reads the <c>${ … }</c> at <paramref name="offset"/>, pushes what is inside and returns the offset behind it.</summary>
    private int ParseInterpolated(int offset)
    {
        _lexer.Resume(offset + 2);
        var value = ParseExpression();
        CloseInterpolation(offset);
        _expressions.Push(value);
        return _lexer.End;
    }

    private void CloseInterpolation(int open)
    {
        if (_lexer.Kind != TokenKind.RightBrace)
        {
            throw NoClosingBrace(open);
        }
    }

    private void PushLiteral(byte[] literal, int start, int end)
    {
        if (literal.Length > 0)
        {
            _expressions.Push(new StringLiteral(At(start), At(end), literal));
        }
    }

    /// <summary>Decodes the text up to the closing quote or the next interpolation.</summary>
    private byte[] ReadLiteral(int open, ref int offset)
    {
        var length = _bytes.AsSpan(offset).IndexOfAny(_specialInString);
        if (length >= 0 && IsLiteralEnd(offset + length))
        {
            var literal = length == 0 ? [] : _bytes.AsSpan(offset, length).ToArray();
            offset += length;
            return literal;
        }

        _text.Clear();
        var start = offset;
        while (true)
        {
            length = _bytes.AsSpan(offset).IndexOfAny(_specialInString);
            if (length < 0)
            {
                throw UnclosedString(open);
            }

            _text.Add(_bytes.AsSpan(offset, length));
            offset += length;
            if (IsLiteralEnd(offset))
            {
                return _text.Written.ToArray();
            }

            offset = ReadSpecial(open, start, offset);
        }
    }

    private bool IsLiteralEnd(int offset) =>
        _bytes[offset] == '"' || (_bytes[offset] == '$' && _lexer.ByteAt(offset + 1) == '{');

    private int ReadSpecial(int open, int start, int offset)
    {
        var next = _lexer.ByteAt(offset + 1);
        switch (_bytes[offset])
        {
            case (byte)'\\':
                if (offset + 1 >= _bytes.Length)
                {
                    throw UnclosedString(open);
                }

                _text.Add(Unescape(next));
                return offset + 2;
            case (byte)'\r':
                _text.Add((byte)'\n');
                return next == '\n' ? offset + 2 : offset + 1;
            case (byte)'$' when next == '$':
                // A pair of dollars is text, also in front of a brace.
                _text.Add("$$"u8);
                return offset + 2;
            case (byte)'$':
                _text.Add((byte)'$');
                return offset + 1;
            default:
                throw NulInString(start, offset);
        }
    }

    private static byte Unescape(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => letter,
    };
}
