using Firn.Model.Diagnostics;

namespace Firn.Archive.Nars;

/// <summary>The words and bounds of the Nix archive format.</summary>
/// <remarks>The bounds are those of C++ Nix 2.34.7: without them a small hostile archive could exhaust stack or memory.</remarks>
public static class NarFormat
{
    /// <summary>How deep directories may nest.</summary>
    public const int MaxDepth = 64;

    /// <summary>How long a word of the format may be.</summary>
    public const int MaxTag = 32;

    public const int MaxName = 255;

    public const int MaxTarget = 4095;

    internal const string CaseHackSuffix = "~nix~case~hack~";

    internal static ReadOnlySpan<byte> Magic => "nix-archive-1"u8;

    /// <summary>Returns how many bytes <paramref name="length"/> bytes take with the padding behind them.</summary>
    internal static long Padded(long length) => (length + 7) & ~7L;
}

/// <summary>Something is no NAR, or holds what no NAR can.</summary>
public sealed class NarException(string problem) : FirnException(new Diagnostic(NarErrors.Bad, problem))
{
    internal static NarException Bad(string problem) => new($"bad archive: {problem}");
}

/// <summary>The error codes of NARs.</summary>
public static class NarErrors
{
    public static ErrorCode Bad { get; } = new("archive/bad-nar");
}
