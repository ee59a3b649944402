using System.Collections.Immutable;
using Firn.Model.Settings;

namespace Firn.Fetching;

/// <summary>How files and trees are fetched.</summary>
public sealed partial record FetchSettings
{
    /// <summary>Tokens for forges, as host=token.</summary>
    [Setting("access-tokens")]
    public ImmutableSortedDictionary<string, string> AccessTokens { get; init; } = SettingForm.NoPairs;

    /// <summary>Accept working trees with changes that are not committed.</summary>
    [Setting("allow-dirty")]
    public bool AllowDirty { get; init; } = true;

    /// <summary>Warn about working trees with changes that are not committed.</summary>
    [Setting("warn-dirty")]
    public bool WarnDirty { get; init; } = true;

    /// <summary>Lock inputs that are working trees with changes.</summary>
    [Setting("allow-dirty-locks")]
    public bool AllowDirtyLocks { get; init; }

    /// <summary>Trust that a tarball from a forge is the revision that it says.</summary>
    [Setting("trust-tarballs-from-git-forges")]
    public bool TrustTarballsFromGitForges { get; init; } = true;

    /// <summary>Where the global registry of flakes is.</summary>
    [Setting("flake-registry")]
    public string FlakeRegistry { get; init; } = "https://channels.nixos.org/flake-registry.json";

    /// <summary>How many seconds a downloaded tarball counts as fresh.</summary>
    [Setting("tarball-ttl")]
    public TimeSpan TarballTtl { get; init; } = TimeSpan.FromSeconds(3600);
}
