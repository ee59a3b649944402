using System.Text;
using Firn.Model.Diagnostics;

namespace Firn.Model.Text.Regexes;

/// <summary>Why a pattern is no regular expression: where, and in one sentence what is wrong.</summary>
public sealed record RegexFailure(RegexFailureKind Kind, int Offset, string Explanation)
{
    /// <summary>The message in the words that C++ Nix has for it.</summary>
    public string MessageFor(ReadOnlySpan<byte> pattern) => Kind switch
    {
        RegexFailureKind.TooLarge =>
            $"memory limit exceeded by regular expression '{Encoding.UTF8.GetString(pattern)}'",
        _ => $"invalid regular expression '{Encoding.UTF8.GetString(pattern)}'",
    };
}

/// <summary>The two kinds of failure that C++ Nix tells apart.</summary>
public enum RegexFailureKind
{
    /// <summary>The pattern is not in the language.</summary>
    Invalid,

    /// <summary>The pattern, or its match, needs more memory than is granted.</summary>
    TooLarge,
}

/// <summary>A regular expression cannot be used.</summary>
public sealed class RegexException : FirnException
{
    public RegexException(ReadOnlySpan<byte> pattern, RegexFailure failure)
        : base(new Diagnostic(CodeOf(failure.Kind), failure.MessageFor(pattern))
        {
            Hints = [$"At byte {failure.Offset + 1} of the pattern: {failure.Explanation}."],
        }) => Failure = failure;

    public RegexFailure Failure { get; }

    private static ErrorCode CodeOf(RegexFailureKind kind) =>
        kind == RegexFailureKind.TooLarge ? TextErrors.RegexTooLarge : TextErrors.InvalidRegex;
}
