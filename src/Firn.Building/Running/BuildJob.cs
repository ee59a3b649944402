using System.Collections.Immutable;
using Firn.Building.Options;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Building.Running;

/// <summary>One derivation to be built now: its inputs are there, and its outputs are locked.</summary>
public sealed record BuildJob
{
    public required StorePath Path { get; init; }

    /// <summary>With all inputs resolved.</summary>
    public required Derivation Derivation { get; init; }

    public required DerivationOptions Options { get; init; }

    public required BuildMode Mode { get; init; }

    /// <summary>The closure of the inputs.</summary>
    public required ImmutableSortedSet<StorePath> Inputs { get; init; }

    /// <summary>What is known about each output before the build.</summary>
    public required ImmutableSortedDictionary<string, InitialOutput> Outputs { get; init; }

    /// <summary>Whether the builder may use the network and is not cut off from the machine otherwise.</summary>
    public bool IsIsolated => !Derivation.IsFixed && !IsImpure;

    public bool IsImpure => Derivation.Outputs.Any(o => o.Output is DerivationOutput.Impure);
}

/// <summary>What is known about an output before the build.</summary>
/// <param name="Hash">The derivation's hash modulo, by which realisations know it.</param>
/// <param name="Path">Where it is or will be; null while that follows from its content.</param>
/// <param name="State">Whether it is there.</param>
public sealed record InitialOutput(Hash Hash, StorePath? Path, OutputState State)
{
    public bool IsValid => State == OutputState.Valid;
}

/// <summary>Whether an output is there.</summary>
public enum OutputState
{
    Absent,

    /// <summary>It is registered, and its content is not what was registered.</summary>
    Corrupt,
    Valid,
}
