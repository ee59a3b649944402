using Firn.Model.Diagnostics;

namespace Firn.Flakes;

/// <summary>Something about a flake is not as it must be.</summary>
public sealed class FlakeException : FirnException
{
    public FlakeException(ErrorCode code, string message, params ReadOnlySpan<string> hints)
        : base(new Diagnostic(code, message) { Hints = [.. hints] }) { }

    /// <summary>Tells of something with all that is known about it.</summary>
    public FlakeException(Diagnostic diagnostic)
        : base(diagnostic) { }
}

/// <summary>The error codes of flakes.</summary>
public static class FlakeErrors
{
    public static ErrorCode BadReference { get; } = new("flakes/bad-reference");

    public static ErrorCode NoFlake { get; } = new("flakes/no-flake");

    public static ErrorCode BadFile { get; } = new("flakes/bad-flake-file");

    public static ErrorCode BadLockFile { get; } = new("flakes/bad-lock-file");

    public static ErrorCode NotLocked { get; } = new("flakes/not-locked");

    public static ErrorCode BadInput { get; } = new("flakes/bad-input");

    public static ErrorCode NotInRegistry { get; } = new("flakes/not-in-registry");

    public static ErrorCode BadRegistry { get; } = new("flakes/bad-registry");

    public static ErrorCode NoSuchOutput { get; } = new("flakes/no-such-output");

    public static ErrorCode BadOutput { get; } = new("flakes/bad-output");

    public static ErrorCode Untracked { get; } = new("flakes/untracked-file");
}
