using System.Globalization;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Commands.Caches;

/// <summary>Spans of time as they are typed: <c>30d</c>, <c>12h</c>, <c>90m</c>.</summary>
internal static class DurationText
{
    private static readonly (char Unit, TimeSpan Length)[] _units =
        [('s', TimeSpan.FromSeconds(1)), ('m', TimeSpan.FromMinutes(1)), ('h', TimeSpan.FromHours(1)), ('d', TimeSpan.FromDays(1)), ('w', TimeSpan.FromDays(7))];

    private static readonly TimeSpan _longest = TimeSpan.FromDays(36525);

    /// <exception cref="UsageException">It is none.</exception>
    public static TimeSpan Parse(string option, string text)
    {
        foreach (var (unit, length) in _units)
        {
            if (text.EndsWith(unit) && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return count <= _longest / length
                    ? length * count
                    : throw new UsageException($"'{text}' for '{option}' is longer than a hundred years");
            }
        }

        throw new UsageException($"'{text}' is no span of time for '{option}'", "Write a number and one of s, m, h, d, w: '30d' is thirty days.");
    }

    /// <summary>Writes a span in the largest unit that it is whole in.</summary>
    public static string Of(TimeSpan span)
    {
        var (unit, length) = _units.Last(u => u.Unit != 'w' && span.Ticks % u.Length.Ticks == 0);
        return $"{span.Ticks / length.Ticks}{unit}";
    }
}
