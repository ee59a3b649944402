using System.Collections.Immutable;
using System.Globalization;
using Firn.Model.Diagnostics;

namespace Firn.Profiles.Generations;

/// <summary>Which generations somebody wants to delete.</summary>
public abstract record GenerationSelector
{
    private GenerationSelector() { }

    /// <summary>All but the current one.</summary>
    public sealed record Old : GenerationSelector;

    /// <summary>All older than the newest <paramref name="Count"/> up to the current one.</summary>
    public sealed record AllButLast(uint Count) : GenerationSelector;

    /// <summary>Those that were no longer current that many days ago.</summary>
    public sealed record OlderThan(int Days) : GenerationSelector;

    /// <summary>Those with these numbers.</summary>
    public sealed record Numbers(ImmutableHashSet<uint> Wanted) : GenerationSelector;

    /// <summary>Reads <c>old</c>, <c>+5</c>, <c>30d</c> or numbers.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static GenerationSelector Parse(IReadOnlyList<string> arguments) => arguments switch
    {
        ["old"] => new Old(),
        [var days] when days.Contains('d') => ParseAge(days),
        [var keep] when keep.Contains('+') => ParseCount(keep),
        _ => new Numbers([.. arguments.Select(ParseNumber)]),
    };

    /// <summary>Reads an age such as <c>30d</c>.</summary>
    /// <exception cref="UsageException">It is not a whole number of days above 0.</exception>
    public static OlderThan ParseAge(string text)
    {
        if (!text.EndsWith('d'))
        {
            throw new UsageException($"invalid number of days specifier '{text}', expected something like '14d'");
        }

        return int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days) && days >= 1
            ? new OlderThan(days)
            : throw new UsageException($"invalid number of days specifier '{text}'");
    }

    private static AllButLast ParseCount(string text)
    {
        if (text.Length < 2)
        {
            throw new UsageException($"invalid number of generations '{text}'");
        }

        if (!uint.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            throw new UsageException($"invalid number of generations to keep '{text}'");
        }

        return count > 0
            ? new AllButLast(count)
            : throw new UsageException("Must keep at least one generation, otherwise the current one would be deleted");
    }

    private static uint ParseNumber(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"invalid generation number '{text}'");
}
