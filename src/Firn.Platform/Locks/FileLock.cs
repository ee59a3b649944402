using System.Runtime.InteropServices;
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
