namespace Firn.Syntax.Parsing;

/// <summary>What the settings of a session say about the language.</summary>
public sealed record ParserOptions
{
    /// <summary>Whether <c>|></c> and <c>&lt;|</c> are part of the language (experimental feature <c>pipe-operators</c>).</summary>
    public bool PipeOperators { get; init; }

    /// <summary>Whether <c>~/…</c> is refused, because the result would depend on who evaluates.</summary>
    public bool IsPure { get; init; }

    /// <summary>What <c>~</c> stands for; null when it is not known.</summary>
    public string? HomeDirectory { get; init; }

    /// <summary>What to say about unquoted URLs (setting <c>lint-url-literals</c>).</summary>
    public Lint UrlLiterals { get; init; }

    /// <summary>What to say about <c>a/b</c> without <c>./</c> (setting <c>lint-short-path-literals</c>).</summary>
    public Lint ShortPathLiterals { get; init; }

    /// <summary>What to say about <c>/a</c> and <c>~/a</c> (setting <c>lint-absolute-path-literals</c>).</summary>
    public Lint AbsolutePathLiterals { get; init; }
}

/// <summary>What to do about a use of the language that is discouraged.</summary>
public enum Lint
{
    Ignore,
    Warn,
    Fatal,
}
