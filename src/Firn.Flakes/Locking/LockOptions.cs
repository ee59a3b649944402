using System.Collections.Immutable;
using Firn.Flakes.Files;
using Firn.Flakes.References;

namespace Firn.Flakes.Locking;

/// <summary>How a flake is locked.</summary>
public sealed record LockOptions
{
    /// <summary>Whether nothing of the old lock file is kept.</summary>
    public bool StartsAnew { get; init; }

    /// <summary>Whether the lock file may differ from what it was.</summary>
    public bool MayChange { get; init; } = true;

    /// <summary>Whether it is written.</summary>
    public bool Writes { get; init; } = true;

    /// <summary>Whether inputs that cannot be locked are an error, and not only left unwritten.</summary>
    public bool RefusesUnlocked { get; init; }

    /// <summary>Whether registries are asked; null as the setting <c>use-registries</c> says.</summary>
    public bool? UsesRegistries { get; init; }

    /// <summary>Whether inputs may be fetched that are not locked.</summary>
    public bool AllowsUnlocked { get; init; } = true;

    /// <summary>Whether a changed lock file is committed.</summary>
    public bool Commits { get; init; }

    /// <summary>The lock file to start from, when it is not the flake's own.</summary>
    public string? ReferenceFile { get; init; }

    /// <summary>The file to write, when it is not the flake's own.</summary>
    public string? OutputFile { get; init; }

    /// <summary>The inputs that are replaced.</summary>
    public ImmutableSortedDictionary<InputPath, FlakeReference> Overrides { get; init; } = ImmutableSortedDictionary<InputPath, FlakeReference>.Empty;

    /// <summary>The inputs that are looked up anew.</summary>
    public ImmutableSortedSet<InputPath> Updates { get; init; } = [];
}
