using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Firn.Model.Text.Json;

/// <summary>Writes JSON exactly as C++ Nix writes it: on one line without spaces, or indented.</summary>
/// <remarks>Members come in the order in which they are written; C++ Nix sorts them by the bytes of their names.</remarks>
public sealed class JsonWriter(int indentation = 0)
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[256];
    private int _length;
    private int _depth;
    private bool _isEmpty = true;
    private bool _isValueOfKey;

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void StartObject() => Start((byte)'{');

    public void EndObject() => End((byte)'}');

    public void StartArray() => Start((byte)'[');

    public void EndArray() => End((byte)']');

    /// <exception cref="JsonSerializationException">The name is not UTF-8.</exception>
    public void Key(ReadOnlySpan<byte> name)
    {
        Separate();
        Quote(name);
        Append((byte)':');
        if (indentation > 0)
        {
            Append((byte)' ');
        }

        _isValueOfKey = true;
    }

    /// <exception cref="JsonSerializationException">The text is not UTF-8.</exception>
    public void String(ReadOnlySpan<byte> text)
    {
        Separate();
        Quote(text);
    }

    public void Integer(long value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, Room(20), out var length);
        _length += length;
    }

    public void Float(double value)
    {
        Separate();
        _length += FloatText.WriteJson(value, Room(FloatText.MaxJsonLength));
    }

    public void Boolean(bool value)
    {
        Separate();
        Append(value ? "true"u8 : "false"u8);
    }

    public void Null()
    {
        Separate();
        Append("null"u8);
    }

    /// <summary>Writes a value that is JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        Append(json);
    }

    private void Start(byte bracket)
    {
        Separate();
        Append(bracket);
        _depth++;
        _isEmpty = true;
    }

    private void End(byte bracket)
    {
        _depth--;
        if (!_isEmpty)
        {
            NewLine();
        }

        Append(bracket);
        _isEmpty = false;
    }

    private void Separate()
    {
        if (_isValueOfKey)
        {
            _isValueOfKey = false;
            return;
        }

        if (_depth > 0)
        {
            if (!_isEmpty)
            {
                Append((byte)',');
            }

            NewLine();
        }

        _isEmpty = false;
    }

    private void NewLine()
    {
        if (indentation > 0)
        {
            var length = 1 + (_depth * indentation);
            var room = Room(length)[..length];
            room.Fill((byte)' ');
            room[0] = (byte)'\n';
            _length += length;
        }
    }

    private void Quote(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            throw new JsonSerializationException(Utf8Fault.Describe(text));
        }

        Append((byte)'"');
        for (var next = text.IndexOfAny(Escaped); next >= 0; next = text.IndexOfAny(Escaped))
        {
            Append(text[..next]);
            Escape(text[next]);
            text = text[(next + 1)..];
        }

        Append(text);
        Append((byte)'"');
    }

    private void Escape(byte value)
    {
        var room = Room(6);
        room[0] = (byte)'\\';
        room[1] = value switch
        {
            (byte)'"' or (byte)'\\' => value,
            (byte)'\b' => (byte)'b',
            (byte)'\t' => (byte)'t',
            (byte)'\n' => (byte)'n',
            (byte)'\f' => (byte)'f',
            (byte)'\r' => (byte)'r',
            _ => (byte)'u',
        };
        _length += 2;
        if (room[1] == 'u')
        {
            "00"u8.CopyTo(room[2..]);
            room[4] = (byte)('0' + (value >> 4));
            room[5] = "0123456789abcdef"u8[value & 15];
            _length += 4;
        }
    }

    private void Append(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int needed)
    {
        if (_bytes.Length - _length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + needed));
        }

        return _bytes.AsSpan(_length);
    }
}
