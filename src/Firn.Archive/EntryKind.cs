namespace Firn.Archive;

/// <summary>What an entry of a file tree is.</summary>
public enum EntryKind
{
    Regular,
    Directory,
    Symlink,

    /// <summary>A socket, a device or the like, which no archive can hold.</summary>
    Unknown,
}

/// <summary>Tells whether an entry of a tree is taken, by its absolute path.</summary>
public delegate bool PathFilter(string path, EntryKind kind);
