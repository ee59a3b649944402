using Firn.Archive.Trees;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Platform.Locks;
using Firn.Store.Local.Database;
using Firn.Store.Local.Locking;
using Firn.Store.Local.Optimising;
using Firn.Store.Local.Rooting;

namespace Firn.Store.Local.Adding;

/// <summary>What all ways of adding an object share: the lock, the checks, canonical metadata, registration.</summary>
internal sealed class StoreWriter(
    StoreLayout layout, LocalStoreSettings settings, StoreDatabase database, TemporaryRoots roots, StoreOptimiser optimiser, IMessageLog log)
{
    internal StoreDirectory Directory => layout.Directory;

    /// <summary>Called before an object is written.</summary>
    internal Action MakeRoom { get; init; } = () => { };

    internal TreeRestoreOptions RestoreOptions { get; } = TreeRestoreOptions.Canonical with { Syncs = settings.FsyncStorePaths };

    /// <summary>Makes an object valid, unless it is; whoever comes first writes it, others wait.</summary>
    /// <param name="path">The object.</param>
    /// <param name="repair">Whether to write it even when it is valid.</param>
    /// <param name="write">Makes the object at the given place, with canonical metadata but perhaps for its root, and returns what to register.</param>
    /// <param name="holdsLock">Whether the caller holds the lock already.</param>
    /// <returns>False when it was valid already.</returns>
    internal bool Add(StorePath path, bool repair, Func<string, Registration> write, bool holdsLock = false)
    {
        roots.Add([path]);
        if (!repair && database.IsValid(path))
        {
            return false;
        }

        var real = layout.RealPath(path);
        using var locks = PathLocks.Acquire(holdsLock ? [] : [real], () => log.Write(Verbosity.Info, $"waiting for lock on '{real}'"));
        if (!repair && database.IsValid(path))
        {
            locks.RemovesFiles = true;
            return false;
        }

        // What is there belongs to nobody: somebody died while making it, or it is damaged.
        FileTree.Delete(real);
        MakeRoom();
        var registration = write(real);
        Canonicalise(real);
        optimiser.OptimiseAdded(real, repair);
        if (settings.FsyncStorePaths)
        {
            using var parent = DirectoryHandle.OpenFollowing(layout.RealStoreDirectory);
            parent.Sync();
        }

        database.Register([registration]);
        locks.RemovesFiles = true;
        return true;
    }

    internal bool IsValid(StorePath path)
    {
        roots.Add([path]);
        return database.IsValid(path);
    }

    internal void OptimiseAdded(IEnumerable<string> reals, bool repair)
    {
        foreach (var real in reals)
        {
            optimiser.OptimiseAdded(real, repair);
        }
    }

    /// <summary>Runs <paramref name="work"/> with a folder in the store that no collector removes meanwhile.</summary>
    internal T WithTemporaryFolder<T>(Func<string, T> work)
    {
        while (true)
        {
            var folder = $"{layout.RealStoreDirectory}/tmp-{Environment.ProcessId}-{Guid.NewGuid():n}";
            FilePath.CreateDirectory(folder, 0x1c0);
            try
            {
                // A collector may have removed it before the lock held it off.
                using var handle = DirectoryHandle.TryOpen(folder);
                if (handle is not null && FileLock.TryLock(handle.Descriptor, LockKind.Exclusive) && PathStatus.Exists(folder))
                {
                    return work(folder);
                }
            }
            finally
            {
                FileTree.Delete(folder);
            }
        }
    }

    private void Canonicalise(string real)
    {
        // Restoring left all metadata canonical, but for attributes that the store's folder makes its files inherit,
        // and for the root of a tree that was moved here.
        var options = new CanonicalOptions(null, settings.IgnoredAcls);
        if (FilePath.ListAttributes(real).Any(a => !settings.IgnoredAcls.Contains(a)))
        {
            CanonicalMetadata.Apply(real, options);
        }
        else
        {
            CanonicalMetadata.ApplyToOne(real, options);
        }
    }

    internal static void Move(string from, string to)
    {
        try
        {
            FilePath.Rename(from, to);
        }
        catch (SystemCallException e) when (e.Error == Errno.Access && PathStatus.Find(from) is { IsDirectory: true } status)
        {
            FilePath.ChangeMode(from, status.Permissions | 0x80);
            FilePath.Rename(from, to);
        }
    }
}
