using Firn.Model.Diagnostics;

namespace Firn.Profiles;

/// <summary>A profile could not be read or changed as asked.</summary>
public sealed class ProfileException(ErrorCode code, string message, params ReadOnlySpan<string> hints)
    : FirnException(new Diagnostic(code, message) { Hints = [.. hints] });

/// <summary>The error codes of profiles.</summary>
public static class ProfileErrors
{
    public static ErrorCode NoSuchGeneration { get; } = new("profiles/no-such-generation");

    public static ErrorCode CurrentGeneration { get; } = new("profiles/current-generation");

    public static ErrorCode NoMatch { get; } = new("profiles/no-match");

    public static ErrorCode BadManifest { get; } = new("profiles/bad-manifest");
}
