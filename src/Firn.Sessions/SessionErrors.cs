using Firn.Model.Diagnostics;

namespace Firn.Sessions;

/// <summary>Something that several rooms do together failed.</summary>
public sealed class SessionException(ErrorCode code, string message) : FirnException(new Diagnostic(code, message));

/// <summary>The error codes of this room.</summary>
public static class SessionErrors
{
    public static ErrorCode NoHome { get; } = new("session/no-home");

    public static ErrorCode Fetching { get; } = new("session/fetching");

    public static ErrorCode HashMismatch { get; } = new("session/hash-mismatch");

    public static ErrorCode NotValid { get; } = new("session/not-valid");

    public static ErrorCode BadSetting { get; } = new("session/bad-setting");

    public static ErrorCode Program { get; } = new("session/program");
}
