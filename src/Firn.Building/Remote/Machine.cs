using System.Collections.Immutable;

namespace Firn.Building.Remote;

/// <summary>A machine that builds can be sent to.</summary>
public sealed record Machine
{
    /// <summary>The address of its store.</summary>
    public required string Uri { get; init; }

    /// <summary>The system types that it builds for.</summary>
    public required ImmutableSortedSet<string> Systems { get; init; }

    /// <summary>The file of the private key to log in with; empty for those that ssh finds.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>How many builds it runs for us at once.</summary>
    public int MaxJobs { get; init; } = 1;

    /// <summary>How fast it is, against the others.</summary>
    public float SpeedFactor { get; init; } = 1;

    /// <summary>What it offers.</summary>
    public ImmutableSortedSet<string> SupportedFeatures { get; init; } = [];

    /// <summary>What a derivation must ask for to be built there; offered too.</summary>
    public ImmutableSortedSet<string> MandatoryFeatures { get; init; } = [];

    /// <summary>Its public key in base-64; empty for what ssh knows.</summary>
    public string HostKey { get; init; } = "";

    /// <summary>Tells whether a derivation can be built there.</summary>
    public bool CanBuild(string system, IReadOnlySet<string> features) =>
        (system == "builtin" || Systems.Contains(system))
        && features.All(f => SupportedFeatures.Contains(f) || MandatoryFeatures.Contains(f))
        && MandatoryFeatures.All(features.Contains);
}
