using Firn.Model.Diagnostics;

namespace Firn.CacheServer;

/// <summary>A cache server, or its client, could not do what it was asked to.</summary>
public sealed class CacheServerException(ErrorCode code, string message, Exception? inner = null, params ReadOnlySpan<string> hints)
    : FirnException(new Diagnostic(code, message) { Hints = [.. hints] }, inner);

/// <summary>The error codes of this room.</summary>
public static class CacheServerErrors
{
    public static ErrorCode NoCache { get; } = new("cache/no-such-cache");

    public static ErrorCode Exists { get; } = new("cache/exists");

    public static ErrorCode NoToken { get; } = new("cache/no-such-token");

    public static ErrorCode Schema { get; } = new("cache/schema");

    public static ErrorCode Damaged { get; } = new("cache/damaged");

    public static ErrorCode Collected { get; } = new("cache/collected-meanwhile");

    public static ErrorCode Refused { get; } = new("cache/refused");

    public static ErrorCode Unreachable { get; } = new("cache/unreachable");

    public static ErrorCode Address { get; } = new("cache/address");
}
