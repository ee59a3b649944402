using System.Collections.Immutable;
using Firn.Evaluation.Contexts;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Evaluation.Host;

/// <summary>The files that expressions can read.</summary>
public interface IFileTree
{
    /// <summary>Returns what is at <paramref name="path"/> itself, or null; links in front of the last name are followed.</summary>
    FileKind? FindKind(string path);

    /// <summary>Reads a whole file, following links.</summary>
    /// <exception cref="Firn.Model.Diagnostics.FirnException">It cannot be read.</exception>
    byte[] ReadFile(string path);

    /// <summary>Lists a directory, in any order.</summary>
    IReadOnlyList<(string Name, FileKind Kind)> ReadDirectory(string path);

    string ReadLink(string path);

    /// <summary>Returns <paramref name="path"/> with all links followed; what does not exist stays as it is.</summary>
    string Resolve(string path);
}

/// <summary>What a directory entry is.</summary>
public enum FileKind
{
    Regular,
    Directory,
    Link,
    Other,
}

/// <summary>The store as evaluation needs it: it puts sources and derivations in, and has some built.</summary>
public interface IEvaluationStore
{
    StoreDirectory Directory { get; }

    /// <summary>Copies a file or folder in and returns where it is; in read-only mode only says where it would be.</summary>
    /// <param name="name">The name part of the store path.</param>
    /// <param name="path">What to copy.</param>
    /// <param name="method">How the path's hash is taken.</param>
    /// <param name="filter">Given a path inside and its kind, says whether it goes along; null takes all.</param>
    /// <param name="expected">The hash that the author wrote down; another is an error. If the store has it nothing is read.</param>
    /// <param name="references">What the copy refers to.</param>
    StorePath AddPath(
        string name, string path, ContentAddressMethod method, Func<string, FileKind, bool>? filter, Hash? expected,
        ImmutableArray<StorePath> references);

    /// <summary>Puts a text file in, or in read-only mode says where it would be.</summary>
    StorePath AddText(string name, byte[] content, ImmutableArray<StorePath> references);

    /// <summary>Puts a derivation in, perhaps only before it is asked for; not in read-only mode.</summary>
    void AddDerivation(DerivationFile file);

    /// <summary>Reads a derivation that is in the store.</summary>
    Derivation ReadDerivation(StorePath path);

    /// <summary>Makes sure that an object is there, fetching it if need be.</summary>
    void EnsurePath(StorePath path);

    bool IsValid(StorePath path);

    /// <summary>Returns what an object refers to; empty when it is not there.</summary>
    ImmutableArray<StorePath> References(StorePath path);

    /// <summary>Returns the objects whose digests <paramref name="content"/> mentions, among the closure of <paramref name="candidates"/>.</summary>
    ImmutableArray<StorePath> ScanReferences(byte[] content, ImmutableArray<StorePath> candidates);

    /// <summary>Returns the closure of <paramref name="path"/> with the outputs of all derivations in it.</summary>
    ImmutableArray<StorePath> ClosureWithOutputs(StorePath path);

    /// <summary>Builds what the elements name; returns which placeholder stands for which output path.</summary>
    IReadOnlyDictionary<string, string> Realise(IReadOnlyCollection<ContextElement> elements);

    /// <summary>Returns where an object's files are on this machine, which differs from its path for a diverted store.</summary>
    string RealPath(string path);
}

/// <summary>Brings things in from elsewhere.</summary>
public interface IEvaluationFetcher
{
    /// <summary>Downloads one file into the store.</summary>
    StorePath FetchUrl(string url, string name, Hash? expected);

    /// <summary>Downloads an archive and unpacks it into the store.</summary>
    StorePath FetchTarball(string url, string name, Hash? expected);

    /// <summary>Fetches a tree.</summary>
    /// <param name="attributes">Strings, longs and booleans by name, as the result's are.</param>
    /// <param name="checkUri">Hears what is about to be fetched, as a URL, and throws where that is forbidden.</param>
    FetchedTree FetchTree(IReadOnlyDictionary<string, object> attributes, Action<string> checkUri);

    /// <summary>Takes an object and all it refers to from a binary cache, and returns where it is.</summary>
    StorePath FetchClosure(string store, StorePath path, ClosureForm form);
}

/// <summary>A tree that was fetched.</summary>
/// <param name="Path">Where it is in the store.</param>
/// <param name="Attributes">What is known about it: <c>rev</c>, <c>lastModified</c>, <c>narHash</c> …</param>
public sealed record FetchedTree(StorePath Path, IReadOnlyDictionary<string, object> Attributes);

/// <summary>The rest of the world that expressions can ask about.</summary>
public interface IEvaluationHost
{
    IFileTree Files { get; }

    IEvaluationStore Store { get; }

    IEvaluationFetcher Fetcher { get; }

    IFlakes Flakes { get; }

    /// <summary>Returns an environment variable, or null.</summary>
    string? FindEnvironmentVariable(string name);

    /// <summary>The time in seconds since 1970, the same during a session.</summary>
    long CurrentTime { get; }

    /// <summary>Runs a program for <c>builtins.exec</c> and returns what it printed.</summary>
    byte[] Execute(IReadOnlyList<string> command);

    /// <summary>Tells the user something while evaluation goes on: warnings, <c>builtins.trace</c>.</summary>
    void Tell(MessageKind kind, string text);
}

/// <summary>How urgent a message is.</summary>
public enum MessageKind
{
    Trace,
    Warning,

    /// <summary>A warning that the expressions themselves give.</summary>
    WarningOfExpression,
}
