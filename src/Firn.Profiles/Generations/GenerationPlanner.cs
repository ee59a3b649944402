using System.Diagnostics;

namespace Firn.Profiles.Generations;

/// <summary>Decides what happens to the generations of a profile.</summary>
public static class GenerationPlanner
{
    private const long SecondsInADay = 24 * 3600;

    /// <summary>Returns the generations to delete, in the order to delete them in.</summary>
    /// <param name="profile">The profile, for messages.</param>
    /// <param name="list">Its generations.</param>
    /// <param name="selector">Which are unwanted.</param>
    /// <param name="now">In seconds since 1970.</param>
    /// <exception cref="ProfileException">The current one is among those asked for by number.</exception>
    public static IReadOnlyList<Generation> Delete(string profile, GenerationList list, GenerationSelector selector, long now)
    {
        switch (selector)
        {
            case GenerationSelector.Old:
                return [.. list.All.Where(g => g.Number != list.Current)];
            case GenerationSelector.AllButLast keep:
                return [.. list.All.Reverse().SkipWhile(g => g.Number != list.Current).Skip((int)Math.Min(keep.Count, int.MaxValue))];
            case GenerationSelector.OlderThan age:
                var then = now - age.Days * SecondsInADay;
                // The newest of the older ones was current at that time: one can still go back to it.
                return [.. list.All.Reverse().SkipWhile(g => g.CreationTime >= then).Skip(1)
                    .Where(g => g.Number != list.Current && g.CreationTime < then)];
            case GenerationSelector.Numbers numbers:
                return list.Current is { } current && numbers.Wanted.Contains(current)
                    ? throw new ProfileException(ProfileErrors.CurrentGeneration, $"cannot delete current version of profile '{profile}'")
                    : [.. list.All.Where(g => numbers.Wanted.Contains(g.Number))];
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Returns the generation to switch to: the one with number <paramref name="wanted"/>, or the one before the current.</summary>
    /// <exception cref="ProfileException">There is none.</exception>
    public static Generation Switch(GenerationList list, uint? wanted)
    {
        var found = list.All.LastOrDefault(g => wanted is { } number ? g.Number == number : g.Number < list.Current);
        if (found is not null)
        {
            return found;
        }

        var known = list.All.Count == 0 ? "The profile has no generations." : $"There are {string.Join(", ", list.All.Select(g => g.Number))}.";
        throw wanted is { } missing
            ? new ProfileException(ProfileErrors.NoSuchGeneration, $"profile version {missing} does not exist", known)
            : new ProfileException(ProfileErrors.NoSuchGeneration, $"no profile version older than the current ({list.Current ?? 0}) exists", known);
    }

    /// <summary>Returns the number of the next generation: numbers are never used twice while later ones exist.</summary>
    public static uint Next(GenerationList list) => list.All.Count == 0 ? 1 : list.All[^1].Number + 1;
}
