using Firn.Archive;

namespace Firn.Cli.Trees;

/// <summary>An entry of a tree, on the disk or in an archive, whose entries are listed when asked for.</summary>
internal sealed record TreeNode(string Name, EntryKind Kind)
{
    public long Size { get; init; }

    public bool IsExecutable { get; init; }

    /// <summary>What a link points to.</summary>
    public string Target { get; init; } = "";

    /// <summary>Where the bytes of a file begin in its archive.</summary>
    public long? Offset { get; init; }

    /// <summary>The entries of a directory, sorted.</summary>
    public Func<IReadOnlyList<TreeNode>> Entries { get; init; } = () => [];

    /// <summary>Follows a path from here, or returns null.</summary>
    public TreeNode? Find(string path)
    {
        var node = this;
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node.Kind == EntryKind.Directory ? node.Entries().FirstOrDefault(e => e.Name == step) : null;
            if (node is null)
            {
                return null;
            }
        }

        return node;
    }
}
