using System.Collections.Immutable;
using Firn.Evaluation.Host;

namespace Firn.Sessions.ResultCache;

/// <summary>An answer that an evaluation gave, with all that it rests on.</summary>
internal sealed record Entry
{
    /// <summary>What the evaluation saw; cheap to check first.</summary>
    public required ImmutableArray<Observation> Observations { get; init; }

    /// <summary>What it told the user meanwhile.</summary>
    public required ImmutableArray<(MessageKind Kind, string Text)> Messages { get; init; }

    /// <summary>The answer, in parts.</summary>
    public required ImmutableArray<ReadOnlyMemory<byte>> Answer { get; init; }

    /// <summary>The objects that it put into the store and that the answer names.</summary>
    public required ImmutableArray<string> Needed { get; init; }
}
