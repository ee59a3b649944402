using System.Collections.Immutable;
using Firn.Model.StorePaths;

namespace Firn.Building.Options;

/// <summary>What a derivation demands of its outputs, beyond that they exist.</summary>
public sealed record OutputChecks
{
    /// <summary>Whether an output in its own closure counts as no reference; so without structured attributes.</summary>
    public bool IgnoresSelfReferences { get; init; }

    /// <summary>How large the output's NAR may be.</summary>
    public long? MaxSize { get; init; }

    /// <summary>How large the NARs of its closure may be together.</summary>
    public long? MaxClosureSize { get; init; }

    /// <summary>All it may refer to; null allows everything.</summary>
    public ImmutableArray<CheckedReference>? AllowedReferences { get; init; }

    /// <summary>All that may be in its closure; null allows everything.</summary>
    public ImmutableArray<CheckedReference>? AllowedRequisites { get; init; }

    public ImmutableArray<CheckedReference> DisallowedReferences { get; init; } = [];

    public ImmutableArray<CheckedReference> DisallowedRequisites { get; init; } = [];
}

/// <summary>Something that an output may or may not refer to.</summary>
public abstract record CheckedReference
{
    private CheckedReference() { }

    /// <summary>A certain object.</summary>
    public sealed record Object(StorePath Path) : CheckedReference;

    /// <summary>An output of the same derivation.</summary>
    public sealed record Output(string Name) : CheckedReference;
}
