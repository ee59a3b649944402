using System.Collections.Immutable;
using Firn.Model.StorePaths;

namespace Firn.Model.Builds;

/// <summary>What has to be done to make something valid.</summary>
/// <param name="WillBuild">The derivations to be built, each after those that it needs.</param>
/// <param name="WillSubstitute">The objects to be fetched, sorted.</param>
/// <param name="Unknown">What is neither there nor known how to make, sorted.</param>
/// <param name="DownloadSize">How many bytes come over the wire.</param>
/// <param name="NarSize">How many bytes they take once unpacked.</param>
public sealed record BuildPlan(
    ImmutableArray<StorePath> WillBuild, ImmutableSortedSet<StorePath> WillSubstitute, ImmutableSortedSet<StorePath> Unknown,
    long DownloadSize, long NarSize);
