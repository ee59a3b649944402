using Firn.Archive;
using Firn.Model.Text;
using Firn.Platform.Files;

namespace Firn.Cli.Trees;

/// <summary>A tree of the file system.</summary>
internal static class DiskTree
{
    /// <summary>Returns the node at <paramref name="path"/>, a link itself.</summary>
    public static TreeNode Of(string path)
    {
        var status = PathStatus.Get(path);
        var name = Path.GetFileName(path);
        return status.IsSymlink
            ? new TreeNode(name, EntryKind.Symlink) { Target = SymbolicLink.Read(path) }
            : status.IsDirectory
                ? new TreeNode(name, EntryKind.Directory) { Entries = () => List(path) }
                : new TreeNode(name, EntryKind.Regular) { Size = status.Size, IsExecutable = status.IsExecutable };
    }

    private static IReadOnlyList<TreeNode> List(string path)
    {
        using var directory = DirectoryHandle.Open(path);
        return [.. directory.List().Select(e => e.ToString()).Order(Utf8Order.Comparer).Select(name => Of($"{path}/{name}"))];
    }
}
