using Firn.Model.Text;

namespace Firn.Profiles.Packages;

/// <summary>Decides which packages the arguments of a command mean.</summary>
public static class SelectionPlanner
{
    private const int MaxSuggestions = 3;

    /// <summary>Returns the packages that match any selector, in the order of the selectors; each once.</summary>
    /// <param name="packages">What there is to choose from.</param>
    /// <param name="selectors">The arguments; none means all.</param>
    /// <exception cref="ProfileException">A selector matches nothing.</exception>
    public static IReadOnlyList<T> Select<T>(IReadOnlyList<T> packages, IReadOnlyList<string> selectors)
        where T : class, IPackage => Select(packages, selectors, matches => matches);

    /// <summary>Returns for each selector and name the package to install: the one for this system, of the best priority, newest.</summary>
    /// <param name="packages">What there is to choose from.</param>
    /// <param name="selectors">The arguments; none means all.</param>
    /// <param name="system">The system that is preferred.</param>
    /// <param name="warn">Is told where only the order decided.</param>
    /// <exception cref="ProfileException">A selector matches nothing.</exception>
    public static IReadOnlyList<T> SelectNewest<T>(IReadOnlyList<T> packages, IReadOnlyList<string> selectors, string system, Action<string> warn)
        where T : class, IPackage => Select(packages, selectors, matches => Newest(matches, system, warn));

    /// <summary>Checks that each selector matches a package.</summary>
    /// <exception cref="ProfileException">One does not.</exception>
    public static void CheckAllMatch(IEnumerable<PackageSelector> selectors, IReadOnlyList<IPackage> packages)
    {
        foreach (var selector in selectors)
        {
            if (!selector.IsAnything && !packages.Any(p => selector.Matches(p.Name)))
            {
                throw NoMatch(selector, packages);
            }
        }
    }

    private static List<T> Select<T>(IReadOnlyList<T> packages, IReadOnlyList<string> arguments, Func<IReadOnlyList<T>, IEnumerable<T>> choose)
        where T : class, IPackage
    {
        var taken = new HashSet<T>(ReferenceEqualityComparer.Instance);
        var result = new List<T>();
        foreach (var selector in (arguments.Count == 0 ? ["*"] : arguments).Select(PackageSelector.Parse))
        {
            var matches = packages.Where(p => selector.Matches(p.Name)).ToList();
            if (matches.Count == 0 && !selector.IsAnything)
            {
                throw NoMatch(selector, packages);
            }

            result.AddRange(choose(matches).Where(taken.Add));
        }

        return result;
    }

    private static IEnumerable<T> Newest<T>(IReadOnlyList<T> matches, string system, Action<string> warn)
        where T : class, IPackage
    {
        foreach (var group in matches.GroupBy(p => p.Name.Name).OrderBy(g => g.Key, Utf8Order.Comparer))
        {
            var (best, hasEqual) = (group.First(), false);
            foreach (var package in group.Skip(1))
            {
                var order = Compare(package, best, system);
                (best, hasEqual) = order > 0 ? (package, false) : (best, hasEqual || order == 0);
            }

            if (hasEqual)
            {
                warn($"there are multiple derivations named '{best.Name.Full}'; using the first one");
            }

            yield return best;
        }
    }

    /// <summary>Positive when the first is to be preferred.</summary>
    private static int Compare(IPackage first, IPackage second, string system)
    {
        var order = first.System == second.System ? 0 : (first.System == system ? 1 : 0) - (second.System == system ? 1 : 0);
        order = order == 0 ? second.Priority.CompareTo(first.Priority) : order;
        return order == 0 ? PackageName.CompareVersions(first.Name.Version, second.Name.Version) : order;
    }

    private static ProfileException NoMatch(PackageSelector selector, IReadOnlyList<IPackage> packages)
    {
        var near = packages.Select(p => p.Name.Name).Where(n => n.StartsWith(selector.Name, StringComparison.Ordinal))
            .Distinct().Take(MaxSuggestions).Order(Utf8Order.Comparer).ToList();
        if (near.Count == 0)
        {
            near = [.. Suggestions.Nearest(selector.Name, packages.Select(p => p.Name.Name).Distinct()).Take(MaxSuggestions)];
        }

        return new ProfileException(
            ProfileErrors.NoMatch,
            $"selector '{selector.Text}' matches no derivations{(near.Count == 0 ? "" : ", maybe you meant:" + string.Concat(near.Select(n => "\n" + n)))}");
    }
}
