using Firn.Platform.Locks;

namespace Firn.Store.Local.Locking;

/// <summary>Keeps other processes from writing the same objects: locks on the files <c>path.lock</c>.</summary>
public sealed class PathLocks : IDisposable
{
    private readonly List<LockFile> _locks = [];

    private PathLocks() { }

    /// <summary>Whether the lock files go when the locks are given back, as they may once the objects are valid.</summary>
    public bool RemovesFiles { get; set; }

    /// <summary>Locks the objects at <paramref name="paths"/> on this disk, waiting for other processes.</summary>
    /// <param name="paths">Where the objects are or will be.</param>
    /// <param name="onWait">Called before it waits.</param>
    public static PathLocks Acquire(IEnumerable<string> paths, Action? onWait = null) => Acquire(paths, onWait ?? (() => { }), true)!;

    /// <summary>Locks the objects, or returns null when another process has locked one of them.</summary>
    public static PathLocks? TryAcquire(IEnumerable<string> paths) => Acquire(paths, null, false);

    public void Dispose()
    {
        foreach (var held in _locks)
        {
            held.RemovesFile = RemovesFiles;
            held.Dispose();
        }

        _locks.Clear();
    }

    private static PathLocks? Acquire(IEnumerable<string> paths, Action? onWait, bool wait)
    {
        var locks = new PathLocks();
        try
        {
            // All processes lock in the same order, so that none waits for another that waits for it.
            foreach (var path in paths.Distinct().Order(Model.Text.Utf8Order.Comparer))
            {
                if (LockFile.Acquire(path + ".lock", wait ? onWait : null) is not { } held)
                {
                    locks.Dispose();
                    return null;
                }

                locks._locks.Add(held);
            }

            return locks;
        }
        catch
        {
            locks.Dispose();
            throw;
        }
    }
}
