namespace Firn.Store.Closures;

/// <summary>Which edges a closure follows.</summary>
public readonly record struct ClosureOptions
{
    /// <summary>Follow references from an object to those that refer to it.</summary>
    public bool IsFlipped { get; init; }

    /// <summary>Derivations bring the outputs they have; flipped, outputs bring their derivations.</summary>
    public bool IncludesOutputs { get; init; }

    /// <summary>Outputs bring the derivation they were made by; flipped, derivations bring their outputs.</summary>
    public bool IncludesDerivers { get; init; }
}
