namespace Firn.CacheServer;

/// <summary>Keeps what a server has from other users, whatever folder it lies in: the metadata hold secret keys, archives may be private.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const UnixFileMode Owner = OwnerFolder | UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit;

    /// <summary>Makes a folder into which only its owner may look, or makes it such.</summary>
    public static void EnsureFolder(string path)
    {
        Directory.CreateDirectory(path, OwnerFolder);
        Close(path);
    }

    /// <summary>Makes a database that only its owner may read, or makes it such; SQLite gives what it writes beside it the same mode.</summary>
    public static void EnsureDatabase(string file)
    {
        // One that is open is not opened again: closing it would give up the locks that this process has on it.
        if (!File.Exists(file))
        {
            try
            {
                new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerFile }).Dispose();
            }
            catch (IOException) when (File.Exists(file))
            {
                // Somebody else made it meanwhile.
            }
        }

        foreach (var part in (string[])[file, $"{file}-wal", $"{file}-shm"])
        {
            Close(part);
        }
    }

    private static void Close(string path)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & ~Owner) != 0)
            {
                File.SetUnixFileMode(path, mode & Owner);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or UnauthorizedAccessException)
        {
            // It is not there, or another user's, who is to close it.
        }
    }
}
