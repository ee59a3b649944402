using Firn.Model.Diagnostics;

namespace Firn.Fetching;

/// <summary>Something could not be fetched as asked.</summary>
public sealed class FetchException(ErrorCode code, string message, int exitStatus = 1, params ReadOnlySpan<string> hints)
    : FirnException(new Diagnostic(code, message) { Hints = [.. hints] })
{
    public override int ExitStatus => exitStatus;
}

/// <summary>The error codes of fetching.</summary>
public static class FetchErrors
{
    /// <summary>The status of a process that ends because fetched content has another hash than was written down.</summary>
    public const int HashMismatchStatus = 102;

    public static ErrorCode BadUrl { get; } = new("fetching/bad-url");

    public static ErrorCode BadInput { get; } = new("fetching/bad-input");

    public static ErrorCode HashMismatch { get; } = new("fetching/hash-mismatch");

    public static ErrorCode Transfer { get; } = new("fetching/transfer");

    public static ErrorCode Git { get; } = new("fetching/git");

    public static ErrorCode Mercurial { get; } = new("fetching/mercurial");

    public static ErrorCode Dirty { get; } = new("fetching/dirty-tree");

    public static ErrorCode BadArchive { get; } = new("fetching/bad-archive");

    public static ErrorCode Unsupported { get; } = new("fetching/unsupported");
}
