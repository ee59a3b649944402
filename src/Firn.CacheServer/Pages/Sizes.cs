using System.Globalization;

namespace Firn.CacheServer.Pages;

/// <summary>Writes numbers of bytes for people.</summary>
public static class Sizes
{
    private static readonly string[] _units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Returns something like <c>1.5 MiB</c>.</summary>
    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < _units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }

        return $"{value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {_units[unit]}";
    }
}
