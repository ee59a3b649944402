using System.Text.RegularExpressions;
using Firn.Model.StorePaths;

namespace Firn.Store.Local.Verifying;

/// <summary>Tells what is built on an object: which packages, generations and other roots a damage touches.</summary>
public sealed partial class DamageReach
{
    private readonly LocalStore _store;
    private readonly ILookup<StorePath, string> _links;

    /// <summary>Reads the roots once, for any number of questions.</summary>
    public DamageReach(LocalStore store)
    {
        _store = store;
        _links = store.Links.List().ToLookup(r => r.Path, r => r.Link);
    }

    /// <summary>Finds everything that refers to an object, through however many others.</summary>
    public Reach Of(StorePath damaged)
    {
        var users = new HashSet<StorePath> { damaged };
        var left = new Queue<StorePath>([damaged]);
        while (left.TryDequeue(out var path))
        {
            foreach (var referrer in _store.FindReferrers(path).Where(users.Add))
            {
                left.Enqueue(referrer);
            }
        }

        var packages = new SortedSet<string>(StringComparer.Ordinal);
        var generations = new List<TouchedGeneration>();
        var roots = new List<string>();
        foreach (var root in users.Where(_links.Contains).Order())
        {
            // What a profile or a result holds together are the packages that its user knows.
            var parts = root.Equals(damaged) ? [root] : _store.Find(root)?.References.Where(r => users.Contains(r) && !r.Equals(root)) ?? [];
            var names = parts.Select(p => p.Name).Distinct().Order(StringComparer.Ordinal).ToList();
            packages.UnionWith(names);
            foreach (var link in _links[root].Order(StringComparer.Ordinal))
            {
                if (Generation().Match(link) is { Success: true } match)
                {
                    generations.Add(new(match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)));
                }
                else
                {
                    roots.Add(link);
                }
            }
        }

        if (packages.Count == 0)
        {
            packages.Add(damaged.Name);
        }

        return new(packages, generations, roots);
    }

    [GeneratedRegex("^(.*)-([0-9]{1,9})-link$")]
    private static partial Regex Generation();
}

/// <summary>What a damage touches.</summary>
/// <param name="Packages">The names of packages, as those who installed them know them.</param>
/// <param name="Generations">The generations of profiles.</param>
/// <param name="Roots">Other links.</param>
public sealed record Reach(IReadOnlyCollection<string> Packages, IReadOnlyList<TouchedGeneration> Generations, IReadOnlyList<string> Roots)
{
    /// <summary>Says it in one line for each kind.</summary>
    public IEnumerable<string> Describe()
    {
        yield return $"packages: {string.Join(", ", Packages)}";
        foreach (var profile in Generations.GroupBy(g => g.Profile))
        {
            yield return $"generations of {profile.Key}: {string.Join(", ", profile.Select(g => g.Number).Order())}";
        }

        if (Roots.Count > 0)
        {
            yield return $"also needed by: {string.Join(", ", Roots)}";
        }

        if (Roots.Count == 0 && Generations.Count == 0)
        {
            yield return "nothing that is kept needs it: it may simply be collected";
        }
    }
}

/// <summary>One generation of a profile.</summary>
public sealed record TouchedGeneration(string Profile, int Number);
