using System.Buffers;
using System.Text;

namespace Firn.Model.Text.Json;

/// <summary>Reads a string that has escapes, or that is faulty, into a buffer of its own.</summary>
internal ref struct JsonStringDecoder
{
    private byte[]? _buffer;
    private int _length;

    /// <summary>Reads from behind the opening quote to behind the closing one.</summary>
    internal ReadOnlySpan<byte> Read(ReadOnlySpan<byte> text, scoped ref int position)
    {
        _length = 0;
        while (true)
        {
            if (position >= text.Length)
            {
                throw new JsonFormatException(text, position, "the text ends inside a string");
            }

            var value = text[position];
            switch (value)
            {
                case (byte)'"':
                    position++;
                    return _buffer.AsSpan(0, _length);
                case (byte)'\\':
                    Escape(text, ref position);
                    break;
                case < 32:
                    throw new JsonFormatException(
                        text, position,
                        $"the control character 0x{value:X2} must be written as '\\u{value:x4}' in a string");
                default:
                    Plain(text, ref position);
                    break;
            }
        }
    }

    private void Plain(ReadOnlySpan<byte> text, ref int position)
    {
        var start = position;
        while (position < text.Length && text[position] is not ((byte)'"' or (byte)'\\' or < 32))
        {
            if (text[position] < 128)
            {
                position++;
            }
            else if (Rune.DecodeFromUtf8(text[position..], out _, out var length) == OperationStatus.Done)
            {
                position += length;
            }
            else
            {
                throw new JsonFormatException(
                    text, position, $"the byte 0x{text[position]:X2} in a string is not part of valid UTF-8");
            }
        }

        var plain = text[start..position];
        plain.CopyTo(Room(plain.Length));
        _length += plain.Length;
    }

    private void Escape(ReadOnlySpan<byte> text, ref int position)
    {
        var start = position++;
        var plain = position < text.Length ? text[position++] : (byte)0;
        if (plain == 'u')
        {
            Unicode(text, start, ref position);
            return;
        }

        Room(1)[0] = plain switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => plain,
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => throw new JsonFormatException(
                text, start, "a '\\' in a string must be followed by one of \" \\ / b f n r t u"),
        };
        _length++;
    }

    private void Unicode(ReadOnlySpan<byte> text, int start, ref int position)
    {
        var value = FourDigits(text, start, ref position);
        if (value is >= 0xD800 and < 0xDC00)
        {
            var low = position + 1 < text.Length && text[position] == '\\' && text[position + 1] == 'u'
                ? LowHalf(text, start, ref position)
                : 0;
            if (low is < 0xDC00 or > 0xDFFF)
            {
                throw new JsonFormatException(
                    text, start, "the first half of a surrogate pair (\\ud800 to \\udbff) without its second half");
            }

            value = 0x10000 + ((value - 0xD800) << 10) + low - 0xDC00;
        }
        else if (value is >= 0xDC00 and <= 0xDFFF)
        {
            throw new JsonFormatException(
                text, start, "the second half of a surrogate pair (\\udc00 to \\udfff) without its first half");
        }

        _length += new Rune(value).EncodeToUtf8(Room(4));
    }

    private static int LowHalf(ReadOnlySpan<byte> text, int start, ref int position)
    {
        position += 2;
        return FourDigits(text, start, ref position);
    }

    private static int FourDigits(ReadOnlySpan<byte> text, int start, ref int position)
    {
        var value = 0;
        for (var end = position + 4; position < end; position++)
        {
            if (position >= text.Length || !TryAddDigit(text[position], ref value))
            {
                throw new JsonFormatException(
                    text, start, "a '\\u' in a string must be followed by four hexadecimal digits");
            }
        }

        return value;
    }

    private static bool TryAddDigit(byte digit, ref int value)
    {
        value = (value << 4) + digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => -1,
        };
        return char.IsAsciiHexDigit((char)digit);
    }

    private Span<byte> Room(int needed)
    {
        if (_buffer is null || _buffer.Length - _length < needed)
        {
            Array.Resize(ref _buffer, Math.Max(256, 2 * (_length + needed)));
        }

        return _buffer.AsSpan(_length);
    }
}
