using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using Firn.Model.Diagnostics;

namespace Firn.Model.Text.Json;

/// <summary>Reads JSON token by token, without a tree and, but for escaped strings, without a copy.</summary>
/// <remarks>
/// Takes exactly what C++ Nix's JSON library takes: a byte order mark at the start, numbers of any size, names that
/// come twice, any depth; no comments, no comma at the end, nothing that is not UTF-8.
/// </remarks>
public ref struct JsonReader
{
    /// <summary>How deep arrays and objects may nest.</summary>
    public const int DepthLimit = 1_000_000;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly ReadOnlySpan<byte> _text;
    private JsonStringDecoder _decoder;
    private ulong[] _levels = [];
    private Expected _expected = Expected.Value;
    private int _position;

    public JsonReader(ReadOnlySpan<byte> text)
    {
        _text = text;
        _position = text.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
    }

    private enum Expected
    {
        Value,
        ValueOrEnd,
        KeyOrEnd,
        CommaOrEnd,
        Nothing,
    }

    /// <summary>What was read last.</summary>
    public JsonToken Token { get; private set; }

    /// <summary>
    /// The value of a string or name, without its escapes; holds until the next token is read.
    /// </summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    public long Integer { get; private set; }

    public ulong LargeInteger { get; private set; }

    public double Float { get; private set; }

    /// <summary>How many arrays and objects are open.</summary>
    public int Depth { get; private set; }

    /// <summary>Where the last token starts, in bytes.</summary>
    public int Offset { get; private set; }

    /// <summary>Where the last token starts, in lines and columns.</summary>
    public readonly LineColumn Position => TextPosition.Of(_text, Offset);

    /// <exception cref="JsonFormatException">The text is not JSON.</exception>
    public JsonToken Next()
    {
        SkipWhiteSpace();
        Offset = _position;
        if (_position >= _text.Length)
        {
            return Token = _expected == Expected.Nothing ? JsonToken.End : throw Fail(Missing());
        }

        var value = _text[_position];
        if (_expected == Expected.CommaOrEnd)
        {
            if (value == (IsInObject ? '}' : ']'))
            {
                return Leave();
            }

            if (value != ',')
            {
                throw Fail($"{Found()} where a ',' or the closing '{(IsInObject ? '}' : ']')}' should be");
            }

            _position++;
            SkipWhiteSpace();
            Offset = _position;
            _expected = IsInObject ? Expected.KeyOrEnd : Expected.Value;
            if (_position >= _text.Length)
            {
                throw Fail(Missing());
            }

            value = _text[_position];
            if (IsInObject && value != '"')
            {
                throw Fail($"{Found()} where a name in quotes should be");
            }
        }

        return Token = _expected switch
        {
            Expected.KeyOrEnd => value == '}' ? Leave() : Key(value),
            Expected.ValueOrEnd when value == ']' => Leave(),
            Expected.Nothing => throw Fail($"{Found()} behind the end of the value"),
            _ => Value(value),
        };
    }

    /// <summary>Reads over the value whose first token was read last.</summary>
    public void Skip()
    {
        if (Token == JsonToken.Key)
        {
            Next();
        }

        if (Token is JsonToken.StartObject or JsonToken.StartArray)
        {
            for (var depth = Depth; Depth >= depth;)
            {
                Next();
            }
        }
    }

    private readonly bool IsInObject => (_levels[(Depth - 1) >> 6] >> (Depth - 1) & 1) != 0;

    private JsonToken Value(byte value)
    {
        switch (value)
        {
            case (byte)'"':
                Text = ReadString();
                return Done(JsonToken.String);
            case (byte)'{':
                return Enter(isObject: true);
            case (byte)'[':
                return Enter(isObject: false);
            case (byte)'t':
                return Word("true"u8, JsonToken.True);
            case (byte)'f':
                return Word("false"u8, JsonToken.False);
            case (byte)'n':
                return Word("null"u8, JsonToken.Null);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return Done(Number());
            default:
                throw Fail($"{Found()} where a value should be");
        }
    }

    private JsonToken Key(byte value)
    {
        if (value != '"')
        {
            throw Fail($"{Found()} where a name in quotes should be");
        }

        Text = ReadString();
        SkipWhiteSpace();
        if (_position >= _text.Length || _text[_position] != ':')
        {
            throw Fail($"{Found()} where the ':' behind a name should be");
        }

        _position++;
        _expected = Expected.Value;
        return JsonToken.Key;
    }

    private JsonToken Enter(bool isObject)
    {
        if (Depth == DepthLimit)
        {
            throw Fail($"arrays and objects nest more than {DepthLimit} deep");
        }

        var word = Depth >> 6;
        if (word == _levels.Length)
        {
            Array.Resize(ref _levels, Math.Max(4, 2 * word));
        }

        var bit = 1UL << (Depth & 63);
        _levels[word] = isObject ? _levels[word] | bit : _levels[word] & ~bit;
        Depth++;
        _position++;
        _expected = isObject ? Expected.KeyOrEnd : Expected.ValueOrEnd;
        return isObject ? JsonToken.StartObject : JsonToken.StartArray;
    }

    private JsonToken Leave()
    {
        var token = IsInObject ? JsonToken.EndObject : JsonToken.EndArray;
        Depth--;
        _position++;
        return Token = Done(token);
    }

    private JsonToken Done(JsonToken token)
    {
        _expected = Depth == 0 ? Expected.Nothing : Expected.CommaOrEnd;
        return token;
    }

    private JsonToken Word(ReadOnlySpan<byte> word, JsonToken token)
    {
        if (!_text[_position..].StartsWith(word))
        {
            throw Fail($"{Found()} where a value should be");
        }

        _position += word.Length;
        return Done(token);
    }

    private JsonToken Number()
    {
        var start = _position;
        var isNegative = _text[_position] == '-';
        _position += isNegative ? 1 : 0;
        var digits = _position;
        ulong magnitude = 0;
        var fits = true;
        for (; _position < _text.Length && (uint)(_text[_position] - '0') <= 9; _position++)
        {
            var digit = (uint)(_text[_position] - '0');
            fits &= magnitude < ulong.MaxValue / 10
                || (magnitude == ulong.MaxValue / 10 && digit <= ulong.MaxValue % 10);
            magnitude = (magnitude * 10) + digit;
        }

        if (_position == digits)
        {
            throw Fail("a '-' without a number behind it");
        }

        if (_text[digits] == '0' && _position > digits + 1)
        {
            throw Fail("a number that starts with a needless 0");
        }

        var next = _position < _text.Length ? _text[_position] : (byte)0;
        if (next is not ((byte)'.' or (byte)'e' or (byte)'E') && fits)
        {
            if (!isNegative)
            {
                (LargeInteger, Integer) = (magnitude, unchecked((long)magnitude));
                return magnitude <= long.MaxValue ? JsonToken.Integer : JsonToken.LargeInteger;
            }

            if (magnitude <= 1UL << 63)
            {
                Integer = unchecked(-(long)magnitude);
                return JsonToken.Integer;
            }
        }

        return FloatFrom(start, next);
    }

    private JsonToken FloatFrom(int start, byte next)
    {
        if (next == '.')
        {
            _position++;
            SkipDigits("a number without a digit behind its '.'");
            next = _position < _text.Length ? _text[_position] : (byte)0;
        }

        if (next is (byte)'e' or (byte)'E')
        {
            _position++;
            _position += _position < _text.Length && _text[_position] is (byte)'+' or (byte)'-' ? 1 : 0;
            SkipDigits("a number without a digit behind its 'e'");
        }

        Float = double.Parse(_text[start.._position], NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(Float) ? JsonToken.Float : throw Fail("a number too large for a float");
    }

    private void SkipDigits(string problem)
    {
        var start = _position;
        while (_position < _text.Length && (uint)(_text[_position] - '0') <= 9)
        {
            _position++;
        }

        if (_position == start)
        {
            throw Fail(problem);
        }
    }

    private ReadOnlySpan<byte> ReadString()
    {
        var start = ++_position;
        var length = _text[start..].IndexOfAny(StringEnds);
        if (length >= 0 && _text[start + length] == '"')
        {
            var plain = _text.Slice(start, length);
            if (Utf8.IsValid(plain))
            {
                _position = start + length + 1;
                return plain;
            }
        }

        return _decoder.Read(_text, ref _position);
    }

    private void SkipWhiteSpace()
    {
        while ((uint)_position < (uint)_text.Length
            && _text[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
        }
    }

    private readonly string Missing() => Depth == 0
        ? "there is no value, only white space"
        : $"the text ends inside {(IsInObject ? "an object" : "an array")}";

    private readonly string Found()
    {
        if (_position >= _text.Length)
        {
            return "the text ends";
        }

        var rest = _text[_position..];
        var length = 0;
        while (length < rest.Length && length < 20 && char.IsAsciiLetterOrDigit((char)rest[length]))
        {
            length++;
        }

        return length > 0
            ? $"'{System.Text.Encoding.ASCII.GetString(rest[..length])}'"
            : rest[0] is > 32 and < 127 ? $"'{(char)rest[0]}'" : $"the byte 0x{rest[0]:X2}";
    }

    private readonly JsonFormatException Fail(string problem) => new(_text, _position, problem);
}
