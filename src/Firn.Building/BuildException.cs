using Firn.Model.Builds;
using Firn.Model.Diagnostics;

namespace Firn.Building;

/// <summary>Something could not be built; the status says what kind of failure it is.</summary>
public sealed class BuildException(BuildStatus status, Diagnostic diagnostic) : FirnException(diagnostic)
{
    public BuildException(BuildStatus status, string message)
        : this(status, new Diagnostic(BuildErrors.Of(status), message))
    {
    }

    public BuildStatus Status { get; } = status;

    /// <summary>What a process ends with: that of one build, until <see cref="WithExitStatus"/> says otherwise.</summary>
    public override int ExitStatus => SummedStatus ?? FailureStatus.Of([Status]);

    private int? SummedStatus { get; init; }

    /// <summary>Makes the same error, ending the process with a status that sums up others too.</summary>
    public BuildException WithExitStatus(int status) => new(Status, Diagnostic) { SummedStatus = status };
}

/// <summary>The error codes of builds.</summary>
public static class BuildErrors
{
    public static ErrorCode Failed { get; } = new("building/failed");

    public static ErrorCode InputRejected { get; } = new("building/input-rejected");

    public static ErrorCode OutputRejected { get; } = new("building/output-rejected");

    public static ErrorCode HashMismatch { get; } = new("building/hash-mismatch");

    public static ErrorCode NotDeterministic { get; } = new("building/not-deterministic");

    public static ErrorCode TimedOut { get; } = new("building/timed-out");

    public static ErrorCode LogTooLong { get; } = new("building/log-too-long");

    public static ErrorCode DependencyFailed { get; } = new("building/dependency-failed");

    public static ErrorCode NoSubstituter { get; } = new("building/no-substituter");

    public static ErrorCode Sandbox { get; } = new("building/sandbox");

    /// <summary>Returns the code for failures of a kind.</summary>
    public static ErrorCode Of(BuildStatus status) => status switch
    {
        BuildStatus.InputRejected => InputRejected,
        BuildStatus.OutputRejected => OutputRejected,
        BuildStatus.HashMismatch => HashMismatch,
        BuildStatus.NotDeterministic => NotDeterministic,
        BuildStatus.TimedOut => TimedOut,
        BuildStatus.LogLimitExceeded => LogTooLong,
        BuildStatus.DependencyFailed => DependencyFailed,
        BuildStatus.NoSubstituters => NoSubstituter,
        _ => Failed,
    };
}
