using System.Buffers;
using System.Text;

namespace Firn.Model.Text.Toml;

/// <summary>The four kinds of strings.</summary>
public ref partial struct TomlReader
{
    private ByteString BasicString()
    {
        var start = ++_position;
        while (Current != '"')
        {
            if (AtLineEnd())
            {
                throw Fail(start - 1, "the '\"' is not closed on its line");
            }

            if (Current == '\\')
            {
                return EscapedString(start, isMultiline: false);
            }

            Character("a string");
        }

        return new ByteString(_text[start.._position++].ToArray());
    }

    private ByteString LiteralString()
    {
        var start = ++_position;
        while (Current != '\'')
        {
            if (AtLineEnd())
            {
                throw Fail(start - 1, "the \"'\" is not closed on its line");
            }

            Character("a string");
        }

        return new ByteString(_text[start.._position++].ToArray());
    }

    private ByteString MultilineBasicString()
    {
        _position += 3;
        SkipFirstLineBreak();
        return EscapedString(_position, isMultiline: true);
    }

    private ByteString MultilineLiteralString()
    {
        var opening = _position;
        _position += 3;
        SkipFirstLineBreak();
        var start = _position;
        while (!Starts("'''"u8))
        {
            CharacterOrLineBreak(opening);
        }

        return new ByteString(_text[start..ClosingQuotes((byte)'\'')].ToArray());
    }

    private ByteString EscapedString(int start, bool isMultiline)
    {
        var opening = start - 1;
        var bytes = new ArrayBufferWriter<byte>();
        var plain = start;
        while (true)
        {
            if (Current == '"' && (!isMultiline || Starts("\"\"\""u8)))
            {
                var end = isMultiline ? ClosingQuotes((byte)'"') : _position++;
                bytes.Write(_text[plain..end]);
                return new ByteString(bytes.WrittenSpan.ToArray());
            }

            if (Current == '\\')
            {
                bytes.Write(_text[plain.._position]);
                Escape(bytes, isMultiline);
                plain = _position;
            }
            else if (isMultiline)
            {
                CharacterOrLineBreak(opening);
            }
            else if (AtLineEnd())
            {
                throw Fail(opening, "the '\"' is not closed on its line");
            }
            else
            {
                Character("a string");
            }
        }
    }

    private void Escape(ArrayBufferWriter<byte> bytes, bool isMultiline)
    {
        var start = _position++;
        var value = Current;
        _position++;
        switch (value)
        {
            case (byte)'u' or (byte)'U':
                CodePoint(bytes, start, value == 'u' ? 4 : 8);
                return;
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' when isMultiline:
                _position--;
                LineContinuation(start);
                return;
        }

        bytes.Write([value switch
        {
            (byte)'"' or (byte)'\\' => value,
            (byte)'b' => (byte)'\b',
            (byte)'t' => (byte)'\t',
            (byte)'n' => (byte)'\n',
            (byte)'f' => (byte)'\f',
            (byte)'r' => (byte)'\r',
            _ => throw Fail(start, "a '\\' in a string must be followed by one of \" \\ b t n f r u U"),
        }]);
    }

    /// <summary>
    /// A backslash at a line's end takes the white space behind it away, up to the next character.
    /// </summary>
    private void LineContinuation(int start)
    {
        SkipSpace();
        if (!AtLineEnd() || _position >= _text.Length)
        {
            throw Fail(start, "a '\\' before white space must end its line");
        }

        while (_position < _text.Length
            && (Current is (byte)' ' or (byte)'\t' or (byte)'\n' || (Current == '\r' && Ahead(1) == '\n')))
        {
            _position++;
        }
    }

    private void CodePoint(ArrayBufferWriter<byte> bytes, int start, int digits)
    {
        var value = 0u;
        for (var i = 0; i < digits; i++, _position++)
        {
            if (!char.IsAsciiHexDigit((char)Current))
            {
                throw Fail(start, $"a '\\{(digits == 4 ? 'u' : 'U')}' must be followed by {digits} hexadecimal digits");
            }

            value = (value << 4) + (uint)(char.IsAsciiDigit((char)Current) ? Current - '0' : (Current | 0x20) - 'a' + 10);
        }

        if (!Rune.TryCreate(value, out var rune))
        {
            throw Fail(start, "there is no such character");
        }

        bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
    }

    /// <summary>Reads over three closing quotes; up to two more before them belong to the string.</summary>
    /// <returns>Where the string ends.</returns>
    private int ClosingQuotes(byte quote)
    {
        for (var more = 0; more < 2 && Ahead(3) == quote; more++)
        {
            _position++;
        }

        var end = _position;
        _position += 3;
        return end;
    }

    private void SkipFirstLineBreak() => _position += Current switch
    {
        (byte)'\n' => 1,
        (byte)'\r' when Ahead(1) == '\n' => 2,
        _ => 0,
    };

    private void CharacterOrLineBreak(int opening)
    {
        if (_position >= _text.Length)
        {
            throw Fail(opening, "the three quotes are never closed");
        }

        if (AtLineEnd())
        {
            _position += Current == '\r' ? 2 : 1;
        }
        else
        {
            Character("a string");
        }
    }

    private readonly bool AtLineEnd() =>
        _position >= _text.Length || Current == '\n' || (Current == '\r' && Ahead(1) == '\n');
}
