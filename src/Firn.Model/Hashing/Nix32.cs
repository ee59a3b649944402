using System.Diagnostics.CodeAnalysis;

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
        var length = EncodedLength(bytes.Length);
        Span<char> text = stackalloc char[length];
        for (var n = length - 1; n >= 0; n--)
        {
            var bit = n * 5;
            var (i, shift) = (bit / 8, bit % 8);
            var high = i + 1 < bytes.Length ? bytes[i + 1] << (8 - shift) : 0;
            text[length - 1 - n] = Alphabet[((bytes[i] >> shift) | high) & 0x1f];
        }

        return new string(text);
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
