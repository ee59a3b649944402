using System.Collections.Immutable;

namespace Firn.Evaluation;

/// <summary>What one evaluation is given besides its settings.</summary>
public sealed record EvaluationOptions
{
    public required EvaluationSettings Settings { get; init; }

    /// <summary>What <c>builtins.currentSystem</c> says.</summary>
    public required string CurrentSystem { get; init; }

    /// <summary>Where names in angle brackets are looked up, in order: <c>-I</c>, then the Nix path.</summary>
    public ImmutableArray<SearchPathEntry> SearchPath { get; init; } = [];

    /// <summary>Files and folders that may be read although evaluation is pure or restricted.</summary>
    public ImmutableArray<string> AllowedPaths { get; init; } = [];

    /// <summary>How many threads help with what is certain to be needed; the host is then used by several threads at once.</summary>
    public int Helpers { get; init; }

    /// <summary>The language's optional features that are on.</summary>
    public ImmutableHashSet<string> Features { get; init; } = [];

    /// <summary>Whether somebody set <c>lint-short-path-literals</c>, which then counts more than its older form.</summary>
    public bool HasShortPathLint { get; init; }

    /// <summary>What <c>~/</c> stands for, or null.</summary>
    public string? HomeDirectory { get; init; }
}

/// <summary>Where names in angle brackets are found.</summary>
/// <param name="Prefix">What the name must start with; empty for any.</param>
/// <param name="Path">The file, folder or URL.</param>
public sealed record SearchPathEntry(string Prefix, string Path)
{
    /// <summary>Reads <c>prefix=path</c> or <c>path</c>.</summary>
    public static SearchPathEntry Parse(string text) => text.IndexOf('=') is >= 0 and var equals
        ? new(text[..equals], text[(equals + 1)..])
        : new("", text);
}
