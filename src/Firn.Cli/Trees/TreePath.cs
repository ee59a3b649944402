using Firn.Archive;

namespace Firn.Cli.Trees;

/// <summary>Says of a path that was asked for what is wrong with it.</summary>
internal static class TreePath
{
    /// <exception cref="CommandException">What is there is no file, or nothing is there.</exception>
    public static void MustBeFile(EntryKind? found, string path)
    {
        if (found != EntryKind.Regular)
        {
            throw found is null ? Missing(path) : Wrong(path, "is not a regular file");
        }
    }

    /// <summary>Nothing is there.</summary>
    public static CommandException Missing(string path) => Wrong(path, "does not exist");

    private static CommandException Wrong(string path, string what) => new($"path '{path}' {what}");
}
