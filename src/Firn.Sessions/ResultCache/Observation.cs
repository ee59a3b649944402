using System.Collections.Immutable;
using Firn.Evaluation.Host;

namespace Firn.Sessions.ResultCache;

/// <summary>Something that an evaluation saw of the world, and that has to be so again for its answer to hold.</summary>
internal abstract record Observation
{
    private Observation() { }

    /// <summary>What a path itself was; null for nothing.</summary>
    public sealed record Kind(string Path, FileKind? Found) : Observation;

    /// <summary>What was in a file.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="IsLink">Whether the path led there by a link at its end; else the path has to be a file itself.</param>
    /// <param name="IsExecutable">Whether the file could be executed, where that was looked at.</param>
    /// <param name="Signature">By what it is known to be the same.</param>
    /// <param name="Hash">The hash of its content; empty when only the signature is known.</param>
    public sealed record Content(string Path, bool IsLink, bool? IsExecutable, FileSignature Signature, byte[] Hash) : Observation;

    /// <summary>Which entries a directory had, and what each was.</summary>
    public sealed record Listing(string Path, bool IsLink, FileSignature Signature, byte[] Hash) : Observation;

    /// <summary>Where a link pointed to.</summary>
    public sealed record Link(string Path, string Target) : Observation;

    /// <summary>What an environment variable was; null for nothing.</summary>
    public sealed record Variable(string Name, string? Value) : Observation;

    /// <summary>Whether an object was in the store.</summary>
    public sealed record Validity(string Path, bool IsValid) : Observation;

    /// <summary>What an object referred to, or what its closure with outputs was.</summary>
    public sealed record Related(string Path, bool IsClosure, ImmutableArray<string> Paths) : Observation;

    /// <summary>What a request to fetch gave that does not say by hash what it gives.</summary>
    public sealed record Fetched(FetchRequest Request, string Result) : Observation;
}

/// <summary>What was asked of the fetcher.</summary>
internal abstract record FetchRequest
{
    private FetchRequest() { }

    public sealed record File(string Url, string Name) : FetchRequest;

    public sealed record Archive(string Url, string Name) : FetchRequest;

    /// <summary>A tree; values are strings, longs and booleans.</summary>
    public sealed record Tree(IReadOnlyDictionary<string, object> Attributes) : FetchRequest;

    /// <summary>Asks again; returns what came as one text.</summary>
    /// <remarks>What was allowed then is allowed now: settings are part of the question.</remarks>
    public string Ask(IEvaluationFetcher fetcher) => this switch
    {
        File file => fetcher.FetchUrl(file.Url, file.Name, null).ToString(),
        Archive archive => fetcher.FetchTarball(archive.Url, archive.Name, null).ToString(),
        Tree tree => Describe(fetcher.FetchTree(tree.Attributes, _ => { })),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Writes what is known of a fetched tree as one text.</summary>
    public static string Describe(FetchedTree tree) => string.Join('\n', tree.Attributes
        .OrderBy(a => a.Key, StringComparer.Ordinal)
        .Select(a => $"{a.Key}={string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{a.Value}")}")
        .Prepend(tree.Path.ToString()));
}
