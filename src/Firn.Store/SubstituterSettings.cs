using System.Collections.Immutable;
using Firn.Model.Settings;

namespace Firn.Store;

/// <summary>Where objects are fetched from, and whom to trust.</summary>
public sealed partial record SubstituterSettings
{
    /// <summary>Fetch objects from substituters where they have them, instead of building.</summary>
    [Setting("substitute", Aliases = ["build-use-substitutes"])]
    public bool Substitute { get; init; } = true;

    /// <summary>The stores to fetch from.</summary>
    [Setting("substituters", Aliases = ["binary-caches"])]
    public ImmutableArray<string> Substituters { get; init; } = ["https://cache.nixos.org/"];

    /// <summary>Stores that users without trust may name as substituters.</summary>
    [Setting("trusted-substituters", Aliases = ["trusted-binary-caches"])]
    public ImmutableSortedSet<string> TrustedSubstituters { get; init; } = SettingForm.NoWords;

    /// <summary>The public keys whose signatures make an object trusted.</summary>
    [Setting("trusted-public-keys", Aliases = ["binary-cache-public-keys"])]
    public ImmutableArray<string> TrustedPublicKeys { get; init; } = ["cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="];

    /// <summary>How many seconds to remember that a cache lacks an object.</summary>
    [Setting("narinfo-cache-negative-ttl")]
    public TimeSpan NarinfoCacheNegativeTtl { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>How many seconds to remember that a cache has an object.</summary>
    [Setting("narinfo-cache-positive-ttl")]
    public TimeSpan NarinfoCachePositiveTtl { get; init; } = TimeSpan.FromSeconds(2592000);

    /// <summary>How many seconds to remember what a cache says of itself.</summary>
    [Setting("narinfo-cache-meta-ttl")]
    public TimeSpan NarinfoCacheMetaTtl { get; init; } = TimeSpan.FromSeconds(604800);
}
