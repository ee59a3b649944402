using System.Globalization;

namespace Firn.Sandbox;

/// <summary>How large <c>/dev/shm</c> may get.</summary>
internal static class SharedMemory
{
    /// <summary>Reads a number with a unit (k, m, g) or a share of the memory (<c>%</c>); null for the kernel's own half.</summary>
    public static long? Parse(string text)
    {
        if (text is "50%" or "")
        {
            return null;
        }

        var digits = text.AsSpan(0, text.Length - (char.IsAsciiDigit(text[^1]) ? 0 : 1));
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return char.ToLowerInvariant(text[^1]) switch
        {
            '%' => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 100 * number,
            'k' => number << 10,
            'm' => number << 20,
            'g' => number << 30,
            _ => number,
        };
    }
}
