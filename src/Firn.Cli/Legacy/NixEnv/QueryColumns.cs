using Firn.Model.StorePaths;
using Firn.Profiles.Packages;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>What <c>nix-env --query</c> is to show of each package.</summary>
internal sealed class QueryColumns
{
    public bool Status { get; set; }

    public bool AttributePath { get; set; }

    public bool Name { get; set; } = true;

    public bool Comparison { get; set; }

    public bool System { get; set; }

    public bool DerivationPath { get; set; }

    public bool OutPath { get; set; }

    public bool Description { get; set; }

    public bool Meta { get; set; }

    /// <summary>Lists a package's outputs, with their paths when those are to be shown.</summary>
    public IEnumerable<(string Name, string? Path)> OutputsOf(Package package, Session session) => OutPath
        ? package.Outputs(onlyInstalled: false).Select(o => (o.Name, (string?)session.StoreDirectory.Absolute(o.Path)))
        : package.OutputNames.Select(n => (n, (string?)null));
}

/// <summary>What is known about packages beside what they say themselves.</summary>
internal sealed class PackageFacts(Session session, IReadOnlyList<Package> installed, IReadOnlyList<Package> others)
{
    private readonly Lazy<HashSet<StorePath>> _installedPaths = new(() => [.. installed.Select(p => p.OutPath)]);
    private readonly Lazy<ILookup<string, PackageName>> _others = new(() => others.Select(p => p.Name).ToLookup(n => n.Name));

    public bool IsInstalled(Package package) => _installedPaths.Value.Contains(package.OutPath);

    public bool IsValid(Package package) => session.Store.Infos.IsValid(package.OutPath);

    public bool IsSubstitutable(Package package) => Packages.IsSubstitutable(session, package);

    public VersionDifference Compare(Package package) => VersionDifference.Of(package.Name, _others.Value[package.Name.Name]);
}
