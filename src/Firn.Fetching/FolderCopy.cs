namespace Firn.Fetching;

/// <summary>Copies a tree of the store to where people work on it: the copy can be written to.</summary>
public static class FolderCopy
{
    /// <summary>Copies files, links and folders.</summary>
    public static void Copy(string from, string to)
    {
        if (new FileInfo(from) is { LinkTarget: { } target })
        {
            File.CreateSymbolicLink(to, target);
        }
        else if (File.Exists(from))
        {
            File.Copy(from, to);
            File.SetUnixFileMode(to, File.GetUnixFileMode(to) | UnixFileMode.UserWrite);
        }
        else
        {
            Directory.CreateDirectory(to);
            foreach (var entry in Directory.EnumerateFileSystemEntries(from))
            {
                Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
            }
        }
    }
}
