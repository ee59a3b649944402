using System.Collections.Immutable;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Model.Builds;

/// <summary>How a build or a substitution ended; the numbers are those of the protocols.</summary>
public enum BuildStatus
{
    Built = 0,
    Substituted = 1,
    AlreadyValid = 2,
    PermanentFailure = 3,
    InputRejected = 4,
    OutputRejected = 5,
    TransientFailure = 6,
    CachedFailure = 7,
    TimedOut = 8,
    MiscFailure = 9,
    DependencyFailed = 10,
    LogLimitExceeded = 11,
    NotDeterministic = 12,
    ResolvesToAlreadyValid = 13,
    NoSubstituters = 14,

    /// <summary>A kind of <see cref="OutputRejected"/> that no protocol knows.</summary>
    HashMismatch = 15,
}

/// <summary>What is known once a build or a substitution ended.</summary>
public sealed record BuildResult
{
    public required BuildStatus Status { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public Diagnostic? Failure { get; init; }

    /// <summary>The paths that the wanted outputs got, by name; empty for failures and for plain objects.</summary>
    public ImmutableSortedDictionary<string, StorePath> Outputs { get; init; } =
        ImmutableSortedDictionary.Create<string, StorePath>(Utf8Order.Comparer);

    /// <summary>How many times it was built.</summary>
    public int TimesBuilt { get; init; }

    /// <summary>When the build started, in seconds since 1970; 0 when there was none.</summary>
    public long StartTime { get; init; }

    /// <summary>When the build ended, in seconds since 1970; 0 when there was none.</summary>
    public long StopTime { get; init; }

    public bool IsSuccess => Status is BuildStatus.Built or BuildStatus.Substituted or BuildStatus.AlreadyValid or BuildStatus.ResolvesToAlreadyValid;
}

/// <summary>One request and what came of it.</summary>
public sealed record KeyedBuildResult(DerivedPath Path, BuildResult Result);

/// <summary>All requests of one call and what came of them.</summary>
/// <param name="Items">In the order asked; requests that were not begun because another failed are missing.</param>
/// <param name="FailureStatus">The status that a process ends with when not all was built: 1, or 100 and above.</param>
public sealed record BuildResults(ImmutableArray<KeyedBuildResult> Items, int FailureStatus)
{
    public bool IsSuccess => FailureStatus == 0;
}
