using System.Runtime.InteropServices;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Platform.Locks;

/// <summary>How a lock is held.</summary>
public enum LockKind
{
    /// <summary>By any number of processes.</summary>
    Shared,

    /// <summary>By one.</summary>
    Exclusive,
}

/// <summary>Advisory locks on open files, which the kernel gives back when the process ends.</summary>
public static class FileLock
{
    private const int NonBlocking = 4;
    private const int UnlockOperation = 8;

    /// <summary>Takes the lock if nobody is in the way.</summary>
    public static bool TryLock(int descriptor, LockKind kind) => Try(descriptor, Operation(kind) | NonBlocking);

    /// <summary>Takes the lock, waiting for those who are in the way.</summary>
    public static void Lock(int descriptor, LockKind kind)
    {
        while (!Try(descriptor, Operation(kind)))
        {
            // A signal came; wait on.
        }
    }

    /// <summary>Takes the lock, and says that it waits when it has to.</summary>
    public static void Lock(int descriptor, LockKind kind, Action onWait)
    {
        if (!TryLock(descriptor, kind))
        {
            onWait();
            Lock(descriptor, kind);
        }
    }

    public static void Unlock(int descriptor) => Try(descriptor, UnlockOperation);

    private static int Operation(LockKind kind) => kind == LockKind.Shared ? 1 : 2;

    private static bool Try(int descriptor, int operation)
    {
        while (Syscalls.Lock(descriptor, operation) != 0)
        {
            switch ((Errno)Marshal.GetLastPInvokeError())
            {
                case Errno.Again:
                    return false;
                case Errno.Interrupted:
                    continue;
                default:
                    throw SystemCallException.Last("acquiring or releasing a lock");
            }
        }

        return true;
    }
}

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
