using Firn.Model.StorePaths;

namespace Firn.Evaluation.Host;

/// <summary>What evaluation has to know of flakes.</summary>
public interface IFlakes
{
    /// <summary>Reads a reference that is written as a URL; attributes are strings, longs and booleans by name. Fetches nothing.</summary>
    IReadOnlyDictionary<string, object> Parse(string text);

    /// <summary>Writes attributes as a URL. Fetches nothing.</summary>
    string Print(IReadOnlyDictionary<string, object> attributes);

    /// <summary>Fetches a flake and finds out what all its inputs are.</summary>
    FlakeGraph Lock(string reference);

    /// <summary>Fetches the tree that a reference means, which need be no flake.</summary>
    StorePath FetchTree(string reference);

    /// <summary>Returns how to tell that a file is missing in a tree that was fetched, and what to do about it; null for other files.</summary>
    (string Message, string Hint)? FindMissing(string file);

    /// <summary>Returns where a file of a tree that was fetched comes from, which people know it by; null for other files.</summary>
    string? FindOrigin(string file);
}

/// <summary>A flake and its inputs, with who gets whom.</summary>
/// <param name="Nodes">The flake first.</param>
public sealed record FlakeGraph(IReadOnlyList<FlakeNode> Nodes);

/// <summary>A flake, or another tree, in a graph.</summary>
/// <param name="Source">The tree.</param>
/// <param name="Directory">Where in the tree it is; empty for the top.</param>
/// <param name="IsFlake">Whether its <c>flake.nix</c> counts.</param>
/// <param name="Inputs">The names of its inputs, and which nodes they are.</param>
public sealed record FlakeNode(FlakeTree Source, string Directory, bool IsFlake, IReadOnlyList<(string Name, int Node)> Inputs);

/// <summary>Where the tree of a node comes from.</summary>
public abstract record FlakeTree
{
    private FlakeTree() { }

    /// <summary>It is there already.</summary>
    public sealed record Here(FetchedTree Tree) : FlakeTree;

    /// <summary>It is fetched when something in it is needed.</summary>
    public sealed record ToFetch(IReadOnlyDictionary<string, object> Attributes) : FlakeTree;

    /// <summary>It is the tree of another node; the directory starts from where that is.</summary>
    public sealed record SameAs(int Node) : FlakeTree;
}
