using Firn.Platform.Files;

namespace Firn.Platform.Locks;

/// <summary>A file that is there to be locked, and whose lock it holds until disposed.</summary>
public sealed class LockFile : IDisposable
{
    private readonly FileHandle _file;
    private readonly string _path;

    private LockFile(FileHandle file, string path) => (_file, _path) = (file, path);

    /// <summary>Whether disposing removes the file; those who wait for it then make a new one.</summary>
    public bool RemovesFile { get; set; }

    /// <summary>Locks the file at <paramref name="path"/> exclusively, or returns null when somebody else holds it and <paramref name="onWait"/> is null.</summary>
    public static LockFile? Acquire(string path, Action? onWait)
    {
        while (true)
        {
            var file = FileHandle.OpenOrCreate(path, 0x180);
            try
            {
                if (!FileLock.TryLock(file.Descriptor, LockKind.Exclusive))
                {
                    if (onWait is null)
                    {
                        file.Dispose();
                        return null;
                    }

                    onWait();
                    FileLock.Lock(file.Descriptor, LockKind.Exclusive);
                }

                // Whoever removes a lock file writes into it first, so that we do not go on with a lock on nothing.
                if (file.Status().Size == 0)
                {
                    return new LockFile(file, path);
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
        }
    }

    public void Dispose()
    {
        if (RemovesFile)
        {
            FilePath.TryRemove(_path);
            _file.Write("d"u8);
        }

        _file.Dispose();
    }
}
