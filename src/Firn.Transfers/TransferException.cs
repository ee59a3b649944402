using Firn.Model.Diagnostics;

namespace Firn.Transfers;

/// <summary>A file could not be brought here or sent away.</summary>
public sealed class TransferException(TransferFailure failure, string message)
    : FirnException(new Diagnostic(TransferErrors.Of(failure), message))
{
    /// <summary>Why not.</summary>
    public TransferFailure Failure { get; } = failure;
}

/// <summary>Why a transfer failed.</summary>
public enum TransferFailure
{
    /// <summary>The server says no, or sends what makes no sense.</summary>
    Refused,

    /// <summary>The server does not have the file.</summary>
    NotFound,

    /// <summary>The server gives the file to others, or wants to know who asks.</summary>
    Forbidden,

    /// <summary>No connection to the server can be made, or it cannot be trusted.</summary>
    Unreachable,

    /// <summary>The server is there, and fails or falls silent again and again.</summary>
    Broken,
}

/// <summary>The error codes of transfers.</summary>
public static class TransferErrors
{
    public static ErrorCode Failed { get; } = new("transfers/failed");

    public static ErrorCode NotFound { get; } = new("transfers/not-found");

    public static ErrorCode Forbidden { get; } = new("transfers/forbidden");

    public static ErrorCode Unreachable { get; } = new("transfers/unreachable");

    internal static ErrorCode Of(TransferFailure failure) => failure switch
    {
        TransferFailure.NotFound => NotFound,
        TransferFailure.Forbidden => Forbidden,
        TransferFailure.Unreachable => Unreachable,
        _ => Failed,
    };
}
