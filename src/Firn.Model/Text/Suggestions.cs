namespace Firn.Model.Text;

/// <summary>Finds what was probably meant when a name is not known.</summary>
public static class Suggestions
{
    /// <summary>
    /// How many mistakes a suggestion may be away: letters missing, added, wrong or swapped.
    /// </summary>
    public const int MaxDistance = 2;

    /// <summary>How many suggestions are made at most.</summary>
    public const int Limit = 5;

    /// <summary>
    /// The names nearest to <paramref name="name"/>, the nearest first; none when nothing is near.
    /// </summary>
    public static IReadOnlyList<string> Nearest(string name, IEnumerable<string> candidates) =>
    [
        .. candidates
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate, MaxDistance)))
            .Where(candidate => candidate.Distance <= MaxDistance)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, Utf8Order.Comparer)
            .Select(candidate => candidate.Name)
            .Distinct()
            .Take(Limit),
    ];

    /// <summary>A hint that names the suggestions, or null if there are none.</summary>
    public static string? Hint(string name, IEnumerable<string> candidates) => Nearest(name, candidates) switch
    {
        [] => null,
        [var only] => $"Did you mean {only}?",
        var several => $"Did you mean one of {string.Join(", ", several.SkipLast(1))} or {several[^1]}?",
    };

    /// <summary>
    /// The Damerau–Levenshtein distance (neighbours swapped count once, no letter is touched twice), or
    /// <paramref name="bound"/> + 1 if it is larger than that.
    /// </summary>
    public static int Distance(ReadOnlySpan<char> first, ReadOnlySpan<char> second, int bound)
    {
        if (Math.Abs(first.Length - second.Length) > bound)
        {
            return bound + 1;
        }

        var width = second.Length + 1;
        Span<int> rows = width <= 128 ? stackalloc int[3 * 128] : new int[3 * width];
        return Fill(first, second, bound, rows[..(3 * width)]);
    }

    private static int Fill(ReadOnlySpan<char> first, ReadOnlySpan<char> second, int bound, Span<int> rows)
    {
        var width = second.Length + 1;
        for (var j = 0; j < width; j++)
        {
            rows[j] = j;
        }

        for (var i = 1; i <= first.Length; i++)
        {
            var row = rows.Slice(i % 3 * width, width);
            var above = rows.Slice((i - 1) % 3 * width, width);
            var twoAbove = rows.Slice((i + 1) % 3 * width, width);
            row[0] = i;
            var least = i;
            for (var j = 1; j < width; j++)
            {
                var isSame = first[i - 1] == second[j - 1];
                row[j] = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                {
                    row[j] = Math.Min(row[j], twoAbove[j - 2] + 1);
                }

                least = Math.Min(least, row[j]);
            }

            if (least > bound + 1)
            {
                return bound + 1;
            }
        }

        return Math.Min(rows[(first.Length % 3 * width) + second.Length], bound + 1);
    }
}
