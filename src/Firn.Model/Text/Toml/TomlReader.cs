using System.Buffers;
using System.Text;

namespace Firn.Model.Text.Toml;

/// <summary>Reads a TOML 1.0.0 document into a tree.</summary>
public ref partial struct TomlReader
{
    /// <summary>How deep tables and arrays may nest.</summary>
    public const int DepthLimit = 500;

    private static readonly SearchValues<byte> BareKeyBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly TomlValue.Table _root = new(TomlTableOrigin.Header);
    private int _position;
    private int _depth;

    private TomlReader(ReadOnlySpan<byte> text)
    {
        _text = text;
        _position = text is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
    }

    private readonly byte Current => Ahead(0);

    /// <exception cref="TomlFormatException">The text is not TOML.</exception>
    public static TomlValue.Table Read(ReadOnlySpan<byte> text) => new TomlReader(text).Document();

    private TomlValue.Table Document()
    {
        var table = _root;
        var headerDepth = 0;
        while (true)
        {
            SkipSpace();
            if (_position >= _text.Length)
            {
                return _root;
            }

            switch (Current)
            {
                case (byte)'#' or (byte)'\n' or (byte)'\r':
                    break;
                case (byte)'[':
                    (table, headerDepth) = Header();
                    break;
                default:
                    _depth = headerDepth;
                    Member(table);
                    break;
            }

            EndLine();
        }
    }

    private (TomlValue.Table Table, int Depth) Header()
    {
        var start = _position;
        var isArray = Ahead(1) == '[';
        _position += isArray ? 2 : 1;
        var path = Key();
        if (Current != ']' || (isArray && Ahead(1) != ']'))
        {
            throw Fail($"a header that starts with '{(isArray ? "[[" : "[")}' must end with '{(isArray ? "]]" : "]")}'");
        }

        _position += isArray ? 2 : 1;
        var table = isArray
            ? TomlTables.Add(_root, path, out var problem)
            : TomlTables.Open(_root, path, out problem);
        return (table ?? throw Fail(start, problem!), 2 * path.Count);
    }

    private void Member(TomlValue.Table table)
    {
        var start = _position;
        var path = Key();
        if (Current != '=')
        {
            throw Fail("a '=' must follow a key");
        }

        _position++;
        SkipSpace();
        _depth += path.Count;
        var value = Value();
        _depth -= path.Count;
        if (TomlTables.Set(table, path, value) is { } problem)
        {
            throw Fail(start, problem);
        }
    }

    /// <summary>Reads the parts of a key, up to what follows it.</summary>
    private List<ByteString> Key()
    {
        var path = new List<ByteString>();
        while (true)
        {
            SkipSpace();
            path.Add(KeyPart());
            if (path.Count > DepthLimit)
            {
                throw Fail($"a key has more than {DepthLimit} parts");
            }

            SkipSpace();
            if (Current != '.')
            {
                return path;
            }

            _position++;
        }
    }

    private ByteString KeyPart()
    {
        switch (Current)
        {
            case (byte)'"':
                return BasicString();
            case (byte)'\'':
                return LiteralString();
            default:
                var rest = _text[_position..];
                var length = rest.IndexOfAnyExcept(BareKeyBytes);
                length = length < 0 ? rest.Length : length;
                if (length == 0)
                {
                    throw Fail("a key must be of letters, digits, '_' and '-', or in quotes");
                }

                _position += length;
                return new ByteString(rest[..length].ToArray());
        }
    }

    private TomlValue Value()
    {
        switch (Current)
        {
            case (byte)'"':
                return new TomlValue.Text(Starts("\"\"\""u8) ? MultilineBasicString() : BasicString());
            case (byte)'\'':
                return new TomlValue.Text(Starts("'''"u8) ? MultilineLiteralString() : LiteralString());
            case (byte)'[':
                return Array();
            case (byte)'{':
                return InlineTable();
            case (byte)'t' when Starts("true"u8):
                _position += 4;
                return new TomlValue.Boolean(true);
            case (byte)'f' when Starts("false"u8):
                _position += 5;
                return new TomlValue.Boolean(false);
            case (byte)'+' or (byte)'-' or (byte)'i' or (byte)'n' or (>= (byte)'0' and <= (byte)'9'):
                return NumberOrTimestamp();
            default:
                throw Fail(_position >= _text.Length || Current is (byte)'\n' or (byte)'\r'
                    ? "a value is missing"
                    : "there is no value that starts like this; text must be in quotes");
        }
    }

    private TomlValue.Array Array()
    {
        Enter();
        _position++;
        var array = new TomlValue.Array(isOfTables: false);
        while (true)
        {
            SkipSpaceAndLines();
            if (Current == ']')
            {
                break;
            }

            array.Entries.Add(Value());
            SkipSpaceAndLines();
            if (Current == ',')
            {
                _position++;
            }
            else if (Current != ']')
            {
                throw Fail("a ',' or the closing ']' must follow an item of an array");
            }
        }

        _position++;
        _depth--;
        return array;
    }

    private TomlValue.Table InlineTable()
    {
        Enter();
        _position++;
        var table = new TomlValue.Table(TomlTableOrigin.Inline);
        SkipSpace();
        for (var isFirst = true; Current != '}' || !isFirst; isFirst = false)
        {
            if (!isFirst)
            {
                _position++;
                SkipSpace();
            }

            Member(table);
            SkipSpace();
            if (Current == '}')
            {
                break;
            }

            if (Current != ',')
            {
                throw Fail("a ',' or the closing '}' must follow a member of a table in braces, on the same line");
            }
        }

        _position++;
        _depth--;
        Close(table);
        return table;
    }

    /// <summary>What dotted keys made inside of braces is closed with them.</summary>
    private static void Close(TomlValue.Table table)
    {
        var open = new Stack<TomlValue.Table>([table]);
        while (open.TryPop(out var next))
        {
            foreach (var value in next.Entries.Values)
            {
                if (value is TomlValue.Table { Origin: TomlTableOrigin.DottedKey } inner)
                {
                    inner.Origin = TomlTableOrigin.Inline;
                    open.Push(inner);
                }
            }
        }
    }

    private void Enter()
    {
        if (++_depth > DepthLimit)
        {
            throw Fail($"tables and arrays nest more than {DepthLimit} deep");
        }
    }

    private void SkipSpace()
    {
        while (Current is (byte)' ' or (byte)'\t')
        {
            _position++;
        }
    }

    private void SkipSpaceAndLines()
    {
        for (SkipSpace(); _position < _text.Length && Current is (byte)'#' or (byte)'\n' or (byte)'\r'; SkipSpace())
        {
            EndLine();
        }
    }

    /// <summary>
    /// Reads over the rest of a line: white space, a comment, the line's end or the text's.
    /// </summary>
    private void EndLine()
    {
        SkipSpace();
        if (Current == '#' && _position < _text.Length)
        {
            SkipText("a comment");
        }

        if (_position >= _text.Length)
        {
            return;
        }

        _position += Current switch
        {
            (byte)'\n' => 1,
            (byte)'\r' when Ahead(1) == '\n' => 2,
            _ => throw Fail("the line must end here"),
        };
    }

    /// <summary>Reads over text to the end of its line, seeing to it that it is text.</summary>
    private void SkipText(string where)
    {
        while (_position < _text.Length && Current != '\n' && !(Current == '\r' && Ahead(1) == '\n'))
        {
            Character(where);
        }
    }

    /// <summary>Reads over one character that may stand in strings and comments.</summary>
    private void Character(string where)
    {
        var value = Current;
        if (value >= 128)
        {
            if (Rune.DecodeFromUtf8(_text[_position..], out _, out var length) != OperationStatus.Done)
            {
                throw Fail($"the byte 0x{value:X2} in {where} is not part of valid UTF-8");
            }

            _position += length;
            return;
        }

        if (value is (< 32 and not (byte)'\t') or 127)
        {
            throw Fail($"the control character 0x{value:X2} cannot stand in {where}");
        }

        _position++;
    }

    private readonly bool Starts(ReadOnlySpan<byte> text) => _text[_position..].StartsWith(text);

    /// <summary>The byte at a distance, 0 behind the end (where no byte 0 is allowed before it).</summary>
    private readonly byte Ahead(int distance) =>
        (uint)(_position + distance) < (uint)_text.Length ? _text[_position + distance] : (byte)0;

    private readonly TomlFormatException Fail(string problem) => Fail(_position, problem);

    private readonly TomlFormatException Fail(int position, string problem) => new(_text, position, problem);
}
