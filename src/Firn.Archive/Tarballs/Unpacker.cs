namespace Firn.Archive.Tarballs;

/// <summary>Where an archive is unpacked to: a fresh, private folder.</summary>
/// <remarks>Paths are relative to it; their parent is always a directory made before, never a symbolic link.</remarks>
public interface IUnpackTarget
{
    /// <summary>Makes a directory.</summary>
    void AddDirectory(string path);

    /// <summary>Makes a file of all that <paramref name="content"/> yields.</summary>
    void AddFile(string path, bool isExecutable, Stream content);

    /// <summary>Makes a symbolic link.</summary>
    void AddSymlink(string path, string target);

    /// <summary>Makes a file the same as an earlier one.</summary>
    void AddCopy(string path, string of);

    /// <summary>Takes away a file or symbolic link that a later member replaces.</summary>
    void Remove(string path);
}

/// <summary>Unpacks an archive so that nothing in it can lie outside the folder, whatever names, links or duplicates it holds.</summary>
public static class Unpacker
{
    private enum Kind
    {
        Directory,
        File,
        Symlink,
    }

    /// <summary>Unpacks all members and returns the latest of their times, 0 when there are none.</summary>
    /// <exception cref="TarballException">A member would lie below a file or link, or links to what is not there.</exception>
    public static long Unpack(IEnumerable<ArchiveEntry> entries, IUnpackTarget target)
    {
        var made = new Dictionary<string, Kind>(StringComparer.Ordinal) { [""] = Kind.Directory };
        var latest = 0L;
        foreach (var entry in entries)
        {
            latest = Math.Max(latest, entry.ModificationTime);
            if (entry is ArchiveEntry.Directory)
            {
                EnsureDirectory(entry.Path, made, target);
                continue;
            }

            if (entry is ArchiveEntry.HardLink link && link.Target == link.Path)
            {
                continue;
            }

            MakeRoom(entry.Path, made, target);
            switch (entry)
            {
                case ArchiveEntry.File file:
                    target.AddFile(file.Path, file.IsExecutable, file.Content);
                    made[entry.Path] = Kind.File;
                    break;
                case ArchiveEntry.Symlink symlink:
                    target.AddSymlink(symlink.Path, symlink.Target);
                    made[entry.Path] = Kind.Symlink;
                    break;
                case ArchiveEntry.HardLink hardLink:
                    made[entry.Path] = made.TryGetValue(hardLink.Target, out var kind) && kind != Kind.Directory
                        ? kind
                        : throw new TarballException($"the archive's member '{entry.Path}' is a link to '{hardLink.Target}', which is no earlier file in it");
                    target.AddCopy(entry.Path, hardLink.Target);
                    break;
            }
        }

        return latest;
    }

    private static void MakeRoom(string path, Dictionary<string, Kind> made, IUnpackTarget target)
    {
        if (made.TryGetValue(path, out var kind))
        {
            if (kind == Kind.Directory)
            {
                throw new TarballException($"the archive has a directory and something else at '{path}'");
            }

            target.Remove(path);
            made.Remove(path);
        }

        EnsureDirectory(Parent(path), made, target);
    }

    private static void EnsureDirectory(string path, Dictionary<string, Kind> made, IUnpackTarget target)
    {
        if (made.TryGetValue(path, out var kind))
        {
            if (kind != Kind.Directory)
            {
                throw new TarballException($"the archive has members below '{path}', which is not a directory");
            }

            return;
        }

        EnsureDirectory(Parent(path), made, target);
        target.AddDirectory(path);
        made[path] = Kind.Directory;
    }

    private static string Parent(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";
}
