namespace Firn.Cli.Parsing;

/// <summary>Guesses what was meant by a name that nobody knows.</summary>
internal static class Suggestion
{
    private const int MaxDistance = 2;
    private const int MaxCount = 3;

    /// <summary>Returns "Did you mean …?", or nothing when no name comes close.</summary>
    public static string[] Hints(string typed, IEnumerable<string> known)
    {
        var near = known.Distinct()
            .Select(name => (Name: name, Distance: Distance(typed, name)))
            .Where(c => c.Distance <= MaxDistance && c.Distance < Math.Max(1, typed.Length))
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Take(MaxCount).Select(c => c.Name).ToList();
        return near.Count switch
        {
            0 => [],
            1 => [$"Did you mean {near[0]}?"],
            _ => [$"Did you mean one of {string.Join(", ", near.SkipLast(1))} or {near[^1]}?"],
        };
    }

    /// <summary>Counts the insertions, deletions and replacements that turn one text into the other.</summary>
    public static int Distance(string first, string second)
    {
        var row = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var i = 1; i <= first.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var replaced = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[second.Length];
    }
}
