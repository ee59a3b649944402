using Firn.Platform.Files;

namespace Firn.Store.BinaryCache.Files;

/// <summary>A binary cache in a folder: <c>file:///some/folder</c>.</summary>
public sealed class FolderCacheFiles(string folder) : ICacheFiles
{
    public string Uri => $"file://{folder}";

    public bool Exists(string path) => PathStatus.FindTarget(Locate(path)) is not null;

    public Stream? OpenRead(string path)
    {
        var file = Locate(path);
        return PathStatus.FindTarget(file) is null ? null : new BufferedStream(FileHandle.OpenRead(file), 64 * 1024);
    }

    public void Write(string path, CacheFile content)
    {
        var file = Locate(path);
        FilePath.CreateDirectories(Path.GetDirectoryName(file)!);
        var temporary = $"{file}.tmp-{Environment.ProcessId}-{Guid.NewGuid():n}";
        try
        {
            using (var stream = new BufferedStream(FileHandle.CreateNew(temporary, 0x1b6), 64 * 1024))
            {
                using var source = content.Open();
                source.CopyTo(stream, 128 * 1024);
            }

            FilePath.Rename(temporary, file);
        }
        catch
        {
            FilePath.TryRemove(temporary);
            throw;
        }
    }

    /// <summary>Makes the folders that a cache has from its start.</summary>
    public void MakeFolders(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            FilePath.CreateDirectories(Locate(name));
        }
    }

    public IEnumerable<string> List()
    {
        using var directory = DirectoryHandle.TryOpen(folder);
        return directory?.List().ConvertAll(e => e.ToString()) ?? [];
    }

    private string Locate(string path)
    {
        // Paths come from narinfo files, which somebody else wrote.
        if (path.Length == 0 || path.StartsWith('/') || path.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw new StoreException(StoreErrors.BadFile, $"'{path}' is not a path inside the binary cache '{Uri}'");
        }

        return $"{folder}/{path}";
    }
}
