using System.Buffers.Text;

namespace Firn.Model.Text;

/// <summary>
/// How versions are compared and split, and where a package's name ends and its version begins.
/// </summary>
public static class VersionText
{
    /// <summary>Compares two versions component by component; negative if the first is older.</summary>
    public static int Compare(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        while (!first.IsEmpty || !second.IsEmpty)
        {
            var one = NextComponent(ref first);
            var other = NextComponent(ref second);
            if (IsOlder(one, other))
            {
                return -1;
            }

            if (IsOlder(other, one))
            {
                return 1;
            }
        }

        return 0;
    }

    /// <summary>
    /// Takes the next component off a version: a run of digits, or one of anything but digits, dots and dashes.
    /// Empty when there is none left.
    /// </summary>
    public static ReadOnlySpan<byte> NextComponent(scoped ref ReadOnlySpan<byte> rest)
    {
        var start = 0;
        while (start < rest.Length && IsSeparator(rest[start]))
        {
            start++;
        }

        var end = start;
        if (end < rest.Length && IsDigit(rest[end]))
        {
            while (end < rest.Length && IsDigit(rest[end]))
            {
                end++;
            }
        }
        else
        {
            while (end < rest.Length && !IsDigit(rest[end]) && !IsSeparator(rest[end]))
            {
                end++;
            }
        }

        var component = rest[start..end];
        rest = rest[end..];
        return component;
    }

    /// <summary>
    /// Where the first dash is that no letter follows: the name ends there, the version starts behind it.
    /// </summary>
    /// <returns>Null when all of it is the name.</returns>
    public static int? FindVersionDash(ReadOnlySpan<byte> fullName)
    {
        for (var i = 0; i + 1 < fullName.Length; i++)
        {
            if (fullName[i] == '-' && !char.IsAsciiLetter((char)fullName[i + 1]))
            {
                return i;
            }
        }

        return null;
    }

    private static bool IsOlder(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var isNumber = TryNumber(one, out var number);
        var isOtherNumber = TryNumber(other, out var otherNumber);
        if (isNumber && isOtherNumber)
        {
            return number < otherNumber;
        }

        if (one.IsEmpty && isOtherNumber)
        {
            return true;
        }

        var isPre = one.SequenceEqual("pre"u8);
        var isOtherPre = other.SequenceEqual("pre"u8);
        if (isPre || isOtherPre)
        {
            return isPre && !isOtherPre;
        }

        // 2.3a is older than 2.3.1.
        return isOtherNumber || (!isNumber && one.SequenceCompareTo(other) < 0);
    }

    /// <summary>Reads a number; one that does not fit 32 bits counts as a word, as in C++ Nix.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> component, out int number)
    {
        number = 0;
        return !component.IsEmpty && IsDigit(component[0])
            && Utf8Parser.TryParse(component, out number, out var length) && length == component.Length;
    }

    private static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';

    private static bool IsSeparator(byte value) => value is (byte)'.' or (byte)'-';
}
