using System.Globalization;

namespace Firn.Model.Text;

/// <summary>How floats are written; each place has its own way, all taken from C++.</summary>
public static class FloatText
{
    /// <summary>The longest text of a float in JSON.</summary>
    public const int MaxJsonLength = 25;

    /// <summary>
    /// As a value is shown and in XML: six significant digits (C's <c>%g</c>), as in <c>0.1</c> or
    /// <c>1e+10</c>.
    /// </summary>
    public static string Shown(double value)
    {
        if (!double.IsFinite(value))
        {
            return NotFinite(value);
        }

        // .NET rounds ties to even here, as C does.
        var text = value.ToString("E5", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is < -4 or > 5)
        {
            var digits = text[..mark].TrimEnd('0').TrimEnd('.');
            return $"{digits}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        text = value.ToString($"F{5 - exponent}", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>As <c>toString</c> gives it: six digits behind the point (C's <c>%f</c>).</summary>
    public static string Coerced(double value) =>
        double.IsFinite(value) ? value.ToString("F6", CultureInfo.InvariantCulture) : NotFinite(value);

    /// <summary>
    /// As it stands in JSON: digits that read back as the same float, or <c>null</c> if it is not finite.
    /// </summary>
    public static string Json(double value)
    {
        Span<byte> text = stackalloc byte[MaxJsonLength];
        return string.Create(WriteJson(value, text), text, static (characters, bytes) =>
        {
            for (var i = 0; i < characters.Length; i++)
            {
                characters[i] = (char)bytes[i];
            }
        });
    }

    /// <summary>
    /// Writes <see cref="Json"/> and returns its length; there must be room for <see cref="MaxJsonLength"/>.
    /// </summary>
    public static int WriteJson(double value, Span<byte> text)
    {
        if (!double.IsFinite(value))
        {
            "null"u8.CopyTo(text);
            return 4;
        }

        var length = 0;
        if (double.IsNegative(value))
        {
            text[length++] = (byte)'-';
            value = -value;
        }

        if (value == 0)
        {
            "0.0"u8.CopyTo(text[length..]);
            return length + 3;
        }

        Span<byte> digits = stackalloc byte[Grisu.MaxDigits + 1];
        var count = Grisu.Digits(value, digits, out var point);
        return length + Place(digits[..count], point, text[length..]);
    }

    /// <summary>
    /// Puts the point into the digits: plainly from 0.0001 to 999999999999999, else with an exponent.
    /// </summary>
    private static int Place(ReadOnlySpan<byte> digits, int point, Span<byte> text)
    {
        switch (point)
        {
            case > 0 and <= 15 when digits.Length <= point:
                digits.CopyTo(text);
                text[digits.Length..point].Fill((byte)'0');
                ".0"u8.CopyTo(text[point..]);
                return point + 2;
            case > 0 and <= 15:
                digits[..point].CopyTo(text);
                text[point] = (byte)'.';
                digits[point..].CopyTo(text[(point + 1)..]);
                return digits.Length + 1;
            case > -4 and <= 0:
                "0."u8.CopyTo(text);
                text[2..(2 - point)].Fill((byte)'0');
                digits.CopyTo(text[(2 - point)..]);
                return 2 - point + digits.Length;
        }

        var length = 0;
        text[length++] = digits[0];
        if (digits.Length > 1)
        {
            text[length++] = (byte)'.';
            digits[1..].CopyTo(text[length..]);
            length += digits.Length - 1;
        }

        var exponent = Math.Abs(point - 1);
        text[length++] = (byte)'e';
        text[length++] = (byte)(point < 1 ? '-' : '+');
        if (exponent >= 100)
        {
            text[length++] = (byte)('0' + (exponent / 100));
        }

        text[length++] = (byte)('0' + (exponent / 10 % 10));
        text[length++] = (byte)('0' + (exponent % 10));
        return length;
    }

    private static string NotFinite(double value) =>
        (double.IsNegative(value) ? "-" : "") + (double.IsNaN(value) ? "nan" : "inf");
}
