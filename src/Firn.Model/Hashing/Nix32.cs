using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Firn.Model.Hashing;

/// <summary>The base-32 of store paths and hashes: no e, o, t, u; the last digit comes first.</summary>
public static class Nix32
{
    private const string Alphabet = "0123456789abcdfghijklmnpqrsvwxyz";

    /// <summary>Returns how many digits <paramref name="bytes"/> bytes take.</summary>
    public static int EncodedLength(int bytes) => bytes == 0 ? 0 : (((bytes * 8) - 1) / 5) + 1;

    /// <summary>Tells whether <paramref name="c"/> is a digit.</summary>
    public static bool IsDigit(char c) => Alphabet.Contains(c);

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> text = stackalloc byte[EncodedLength(bytes.Length)];
        Encode(bytes, text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>Writes the digits to the start of <paramref name="target"/>, in ASCII.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        var digits = "0123456789abcdfghijklmnpqrsvwxyz"u8;
        var next = EncodedLength(bytes.Length);
        // Five bits at a time from the lowest on, which are the last digit.
        uint bits = 0;
        var count = 0;
        foreach (var b in bytes)
        {
            bits |= (uint)b << count;
            count += 8;
            while (count >= 5)
            {
                target[--next] = digits[(int)(bits & 31)];
                bits >>= 5;
                count -= 5;
            }
        }

        if (count > 0)
        {
            target[--next] = digits[(int)bits];
        }
    }

    /// <summary>Reads digits; false when one is no digit, or bits are left over.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var result = new byte[text.Length * 5 / 8];
        for (var n = 0; n < text.Length; n++)
        {
            var digit = Alphabet.IndexOf(text[text.Length - 1 - n]);
            if (digit < 0)
            {
                return false;
            }

            var bit = n * 5;
            var (i, shift) = (bit / 8, bit % 8);
            if (i < result.Length)
            {
                result[i] |= (byte)(digit << shift);
            }
            else if (((digit << shift) & 0xff) != 0)
            {
                return false;
            }

            var carry = digit >> (8 - shift);
            if (i + 1 < result.Length)
            {
                result[i + 1] |= (byte)carry;
            }
            else if (carry != 0)
            {
                return false;
            }
        }

        bytes = result;
        return true;
    }
}
