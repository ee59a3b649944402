namespace Firn.Archive.Tarballs;

/// <summary>One member of a tar or zip archive.</summary>
/// <param name="Path">Where it stands: relative, with single slashes, without <c>.</c> and <c>..</c>; empty for the top itself.</param>
/// <param name="ModificationTime">In seconds since 1970.</param>
public abstract record ArchiveEntry(string Path, long ModificationTime)
{
    /// <summary>A directory.</summary>
    public sealed record Directory(string Path, long ModificationTime) : ArchiveEntry(Path, ModificationTime);

    /// <summary>A file; its content can be read until the next member is asked for.</summary>
    public sealed record File(string Path, long ModificationTime, bool IsExecutable, Stream Content)
        : ArchiveEntry(Path, ModificationTime);

    /// <summary>A symbolic link, with its target as it is written.</summary>
    public sealed record Symlink(string Path, long ModificationTime, string Target) : ArchiveEntry(Path, ModificationTime);

    /// <summary>The same file as the earlier member <paramref name="Target"/>.</summary>
    public sealed record HardLink(string Path, long ModificationTime, string Target) : ArchiveEntry(Path, ModificationTime);
}
