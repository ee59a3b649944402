using Firn.Model.Diagnostics;

namespace Firn.Flakes;

/// <summary>Something about a flake is not as it must be.</summary>
public sealed class FlakeException(ErrorCode code, string message, params ReadOnlySpan<string> hints)
    : FirnException(new Diagnostic(code, message) { Hints = [.. hints] });

/// <summary>The error codes of flakes.</summary>
public static class FlakeErrors
{
    public static ErrorCode BadReference { get; } = new("flakes/bad-reference");
}
