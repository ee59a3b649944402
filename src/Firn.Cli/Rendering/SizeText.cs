using System.Globalization;

namespace Firn.Cli.Rendering;

/// <summary>Writes sizes for people.</summary>
internal static class SizeText
{
    private static readonly string[] _units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Writes a size in the unit that keeps it below 1024, with one decimal; KiB at least.</summary>
    public static string Render(long bytes, bool aligned = false)
    {
        var value = bytes / 1024.0;
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < _units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        var number = value.ToString("F1", CultureInfo.InvariantCulture);
        return $"{(aligned ? number.PadLeft(6) : number)} {_units[unit]}";
    }
}
