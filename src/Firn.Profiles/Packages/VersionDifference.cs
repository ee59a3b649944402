namespace Firn.Profiles.Packages;

/// <summary>How a package's version stands to those of the same name elsewhere, as <c>nix-env -qc</c> shows it.</summary>
/// <param name="Sign"><c>&lt;</c> when a newer one is there, <c>=</c> when the same, <c>&gt;</c> when older ones only, <c>-</c> when none.</param>
/// <param name="Version">The version it was compared with, or <c>?</c>.</param>
public readonly record struct VersionDifference(char Sign, string Version)
{
    public bool HasOther => Sign != '-';

    /// <summary>Compares a package with those of the same name among others.</summary>
    public static VersionDifference Of(PackageName package, IEnumerable<PackageName> others)
    {
        var result = new VersionDifference('-', "?");
        foreach (var other in others.Where(o => o.Name == package.Name))
        {
            var order = PackageName.CompareVersions(package.Version, other.Version);
            result = (order, result.Sign) switch
            {
                ( < 0, _) => new('<', other.Version),
                (0, not '<') => new('=', other.Version),
                ( > 0, '-') => new('>', other.Version),
                ( > 0, '>') when PackageName.CompareVersions(result.Version, other.Version) < 0 => new('>', other.Version),
                _ => result,
            };
        }

        return result;
    }
}
