using System.Globalization;
using System.Text;

namespace Firn.Model.Text.Toml;

/// <summary>Numbers, dates and times.</summary>
public ref partial struct TomlReader
{
    private TomlValue NumberOrTimestamp()
    {
        if (IsDigits(0, 4) && Ahead(4) == '-')
        {
            return DateAndPerhapsTime();
        }

        if (IsDigits(0, 2) && Ahead(2) == ':')
        {
            return new TomlValue.Timestamp(Time());
        }

        var isSigned = Current is (byte)'+' or (byte)'-';
        var isNegative = Current == '-';
        if (!isSigned && Current == '0' && Ahead(1) is (byte)'x' or (byte)'o' or (byte)'b')
        {
            return PrefixedInteger();
        }

        var start = _position;
        _position += isSigned ? 1 : 0;
        if (Starts("inf"u8) || Starts("nan"u8))
        {
            // NaN as C has it: without the sign that .NET's has.
            var value = Current == 'i'
                ? double.PositiveInfinity
                : BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);
            _position += 3;
            return new TomlValue.Float(isNegative ? -value : value);
        }

        var digits = _position;
        SkipDigits("a number");
        if (_text[digits] == '0' && _position > digits + 1)
        {
            throw Fail(start, "a number cannot start with a needless 0");
        }

        return Current is (byte)'.' or (byte)'e' or (byte)'E' ? Float(start) : Integer(start);
    }

    private readonly TomlValue.Integer Integer(int start) =>
        long.TryParse(
            WithoutUnderscores(start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? new TomlValue.Integer(value)
            : throw Fail(start, "the number does not fit 64 bits");

    private TomlValue.Float Float(int start)
    {
        if (Current == '.')
        {
            _position++;
            SkipDigits("the part behind the '.'");
        }

        if (Current is (byte)'e' or (byte)'E')
        {
            _position++;
            _position += Current is (byte)'+' or (byte)'-' ? 1 : 0;
            SkipDigits("the exponent");
        }

        var value = double.Parse(WithoutUnderscores(start), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? new TomlValue.Float(value) : throw Fail(start, "the number is too large");
    }

    private TomlValue.Integer PrefixedInteger()
    {
        var start = _position;
        var bits = Ahead(1) switch
        {
            (byte)'x' => 4,
            (byte)'o' => 3,
            _ => 1,
        };
        _position += 2;
        long value = 0;
        for (var first = _position; ; _position++)
        {
            if (Current == '_' && _position > first
                && DigitValue(_text[_position - 1], bits) >= 0 && DigitValue(Ahead(1), bits) >= 0)
            {
                continue;
            }

            var digit = DigitValue(Current, bits);
            if (digit < 0)
            {
                return _position == first || Current == '_'
                    ? throw Fail(start, "digits must follow the prefix, and each '_' must stand between two of them")
                    : new TomlValue.Integer(value);
            }

            if (value >> (63 - bits) != 0)
            {
                throw Fail(start, "the number does not fit 64 bits");
            }

            value = (value << bits) + digit;
        }
    }

    private static int DigitValue(byte digit, int bits)
    {
        var value = char.IsAsciiDigit((char)digit)
            ? digit - '0'
            : char.IsAsciiHexDigit((char)digit) ? (digit | 0x20) - 'a' + 10 : -1;
        return value < 1 << bits ? value : -1;
    }

    private void SkipDigits(string what)
    {
        var start = _position;
        while (char.IsAsciiDigit((char)Current)
            || (Current == '_' && _position > start
                && _text[_position - 1] != '_' && char.IsAsciiDigit((char)Ahead(1))))
        {
            _position++;
        }

        if (_position == start || Current == '_')
        {
            throw Fail($"{what} must be of digits, and each '_' must stand between two of them");
        }
    }

    private readonly string WithoutUnderscores(int start) =>
        Encoding.ASCII.GetString(_text[start.._position]).Replace("_", "", StringComparison.Ordinal);

    private TomlValue.Timestamp DateAndPerhapsTime()
    {
        var start = _position;
        if (!IsDigits(5, 2) || Ahead(7) != '-' || !IsDigits(8, 2))
        {
            throw Fail("a date must be written as YYYY-MM-DD");
        }

        var (year, month, day) = (Number(0, 4), Number(5, 2), Number(8, 2));

        // The calendar of .NET has no year 0, which is a leap year like 4.
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year == 0 ? 4 : year, month))
        {
            throw Fail("there is no such date");
        }

        var date = Encoding.ASCII.GetString(_text.Slice(start, 10));
        _position += 10;
        var hasTime = Current is (byte)'T' or (byte)'t' || (Current == ' ' && char.IsAsciiDigit((char)Ahead(1)));
        if (!hasTime)
        {
            return new TomlValue.Timestamp(date);
        }

        _position++;
        return new TomlValue.Timestamp($"{date}T{Time()}{Offset()}");
    }

    private string Time()
    {
        if (!IsDigits(0, 2) || Ahead(2) != ':' || !IsDigits(3, 2) || Ahead(5) != ':' || !IsDigits(6, 2))
        {
            throw Fail("a time must be written as HH:MM:SS");
        }

        if (Number(0, 2) > 23 || Number(3, 2) > 59 || Number(6, 2) > 60)
        {
            throw Fail("there is no such time");
        }

        var time = Encoding.ASCII.GetString(_text.Slice(_position, 8));
        _position += 8;
        if (Current != '.' || !char.IsAsciiDigit((char)Ahead(1)))
        {
            return time;
        }

        var start = ++_position;
        while (char.IsAsciiDigit((char)Current))
        {
            _position++;
        }

        // Kept are nanoseconds; written are as many groups of three digits as are not zero behind.
        var digits = Encoding.ASCII.GetString(_text.Slice(start, Math.Min(9, _position - start))).PadRight(9, '0');
        var kept = digits.TrimEnd('0').Length;
        return kept == 0 ? time : $"{time}.{digits[..((kept + 2) / 3 * 3)]}";
    }

    private string Offset()
    {
        if (Current is (byte)'Z' or (byte)'z')
        {
            _position++;
            return "Z";
        }

        if (Current is not ((byte)'+' or (byte)'-'))
        {
            return "";
        }

        if (!IsDigits(1, 2) || Ahead(3) != ':' || !IsDigits(4, 2))
        {
            throw Fail("an offset must be written as +HH:MM or -HH:MM");
        }

        // So far C++ Nix's library goes.
        if (Number(1, 2) > 24 || Number(4, 2) > 60)
        {
            throw Fail("there is no such offset");
        }

        var sign = (char)Current;
        var minutes = (60 * Number(1, 2)) + Number(4, 2);
        _position += 6;
        return minutes == 0 ? "Z" : $"{sign}{minutes / 60:00}:{minutes % 60:00}";
    }

    private readonly bool IsDigits(int distance, int count)
    {
        for (var i = distance; i < distance + count; i++)
        {
            if (!char.IsAsciiDigit((char)Ahead(i)))
            {
                return false;
            }
        }

        return true;
    }

    private readonly int Number(int distance, int count)
    {
        var value = 0;
        for (var i = distance; i < distance + count; i++)
        {
            value = (value * 10) + Ahead(i) - '0';
        }

        return value;
    }
}
