using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Store;

/// <summary>A store could not do what it was asked to.</summary>
public sealed class StoreException(ErrorCode code, string message, Exception? inner = null, params ReadOnlySpan<string> hints)
    : FirnException(new Diagnostic(code, message) { Hints = [.. hints] }, inner)
{
    private readonly int _exitStatus = 1;

    public override int ExitStatus => _exitStatus;

    /// <summary>Makes the error with the status that the process is to end with.</summary>
    public static StoreException WithStatus(int exitStatus, ErrorCode code, string message) => new(exitStatus, code, message);

    /// <summary>Some caller needs an object that is not valid.</summary>
    public static StoreException NotValid(StorePath path, StoreDirectory directory) =>
        new(StoreErrors.NotValid, $"path '{directory.Absolute(path)}' is not valid");

    private StoreException(int exitStatus, ErrorCode code, string message)
        : this(code, message) => _exitStatus = exitStatus;
}

/// <summary>The error codes of stores.</summary>
public static class StoreErrors
{
    public static ErrorCode NotValid { get; } = new("store/not-valid");

    public static ErrorCode NotInStore { get; } = new("store/not-in-store");

    public static ErrorCode HashMismatch { get; } = new("store/hash-mismatch");

    public static ErrorCode InUse { get; } = new("store/in-use");

    public static ErrorCode NotSigned { get; } = new("store/not-signed");

    public static ErrorCode Cycle { get; } = new("store/cycle");

    public static ErrorCode BadRoot { get; } = new("store/bad-root");

    public static ErrorCode BadFile { get; } = new("store/bad-file");

    public static ErrorCode BadDerivation { get; } = new("store/bad-derivation");

    public static ErrorCode Conflict { get; } = new("store/conflict");

    public static ErrorCode Unsupported { get; } = new("store/unsupported");

    public static ErrorCode Database { get; } = new("store/database");

    public static ErrorCode Schema { get; } = new("store/schema");

    /// <summary>A store that is far away cannot be reached, or does not do what it should.</summary>
    public static ErrorCode Unreachable { get; } = new("store/unreachable");

    /// <summary>A store that is far away wants to know who asks, or gives to others.</summary>
    public static ErrorCode Forbidden { get; } = new("store/forbidden");

    /// <summary>A store no longer has the content of what it says it has.</summary>
    public static ErrorCode Gone { get; } = new("store/gone");

    public static ErrorCode ReadOnly { get; } = new("store/read-only");

    public static ErrorCode BadExport { get; } = new("store/bad-export");
}
