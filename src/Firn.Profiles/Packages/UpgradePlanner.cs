using System.Diagnostics;

namespace Firn.Profiles.Packages;

/// <summary>Which versions count as upgrades.</summary>
public enum UpgradeKind
{
    /// <summary>Newer ones.</summary>
    Newer,

    /// <summary>Newer ones, and other builds of the same.</summary>
    NewerOrEqual,

    /// <summary>Other builds of the same.</summary>
    Equal,

    /// <summary>Any, be it older.</summary>
    Any,
}

/// <summary>Decides what an installed package is replaced by.</summary>
public static class UpgradePlanner
{
    /// <summary>Returns the package to take in place of an installed one, or null when there is none to be preferred.</summary>
    /// <param name="installed">What is installed.</param>
    /// <param name="available">What there is to choose from.</param>
    /// <param name="kind">Which versions count.</param>
    /// <param name="isAllowed">Asked last, since it may be dear: whether a package may be taken.</param>
    public static T? Best<T>(IPackage installed, IEnumerable<T> available, UpgradeKind kind, Func<T, bool> isAllowed)
        where T : class, IPackage
    {
        T? best = null;
        foreach (var package in available)
        {
            // An upgrade never loses to what it replaces where files collide.
            if (package.Name.Name == installed.Name.Name
                && package.Priority <= installed.Priority
                && Counts(PackageName.CompareVersions(installed.Name.Version, package.Name.Version), kind)
                && (best is null || IsBetter(package, best)) && isAllowed(package))
            {
                best = package;
            }
        }

        return best;
    }

    /// <summary>Tells whether going from one version to the other is an upgrade rather than a downgrade.</summary>
    public static bool IsUpgrade(IPackage from, IPackage to) => PackageName.CompareVersions(from.Name.Version, to.Name.Version) <= 0;

    private static bool IsBetter(IPackage package, IPackage than) =>
        package.Priority < than.Priority
        || (package.Priority == than.Priority && PackageName.CompareVersions(than.Name.Version, package.Name.Version) < 0);

    private static bool Counts(int order, UpgradeKind kind) => kind switch
    {
        UpgradeKind.Newer => order < 0,
        UpgradeKind.NewerOrEqual => order <= 0,
        UpgradeKind.Equal => order == 0,
        UpgradeKind.Any => true,
        _ => throw new UnreachableException(),
    };
}
