using Firn.Cli.Realising;
using Firn.Model.Derivations;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>What packages mean for the store.</summary>
internal static class Packages
{
    /// <summary>Says what has to be built or fetched for packages.</summary>
    public static void PrintMissing(Session session, IEnumerable<Package> packages) =>
        Builds.PrintMissing(session, [.. packages.Select(p => ToBuild(p) ?? new DerivedPath.Opaque(p.OutPath))]);

    /// <summary>Returns what to build for a package, or null when it cannot be built.</summary>
    public static DerivedPath? ToBuild(Package package) =>
        package.WrittenDerivation is { } derivation ? DerivedPath.Of(derivation, OutputsSpec.All.Instance) : null;

    /// <summary>Tells whether a package is there, or can be had without building it.</summary>
    public static bool IsPrebuilt(Session session, Package package) =>
        session.Store.Infos.IsValid(package.OutPath) || IsSubstitutable(session, package);

    /// <summary>Tells whether a package can be had from elsewhere.</summary>
    public static bool IsSubstitutable(Session session, Package package) =>
        session.Substituters.Any(s => s.WantsMassQuery && s.Find(package.OutPath, null) is not null);
}
