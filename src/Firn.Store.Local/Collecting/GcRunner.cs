using Firn.Store.Collecting;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Platform.Locks;
using Firn.Store.Local.Rooting;

namespace Firn.Store.Local.Collecting;

/// <summary>Collects garbage while others go on building.</summary>
internal sealed class GcRunner : IDisposable
{
    /// <summary>How many objects become invalid in one transaction; those who need one of them wait until it is gone.</summary>
    private const int Batch = 64;

    private readonly LocalStore _store;
    private readonly CancellationToken _cancellationToken;
    private readonly SortedSet<string> _paths = new(StringComparer.Ordinal);
    private readonly LiveRoots _roots;
    private readonly long _maxFreed;
    private GcPlanner? _planner;
    private List<StorePath> _early = [];
    private long _freed;

    private GcRunner(LocalStore store, long maxFreed, CancellationToken cancellationToken)
    {
        (_store, _maxFreed, _cancellationToken) = (store, maxFreed, cancellationToken);
        _roots = new LiveRoots(store.Layout, KeepNow, store.Log);
    }

    internal static GcResult Run(LocalStore store, GcAction action, CancellationToken cancellationToken)
    {
        var layout = store.Layout;
        var deletes = action is GcAction.DeleteDead or GcAction.DeleteSpecific;
        if (deletes)
        {
            // On a full disk this is what makes room for the database's own needs.
            FilePath.TryRemove($"{layout.DatabaseDirectory}/reserved");
        }

        using var gcLock = FileHandle.OpenOrCreate($"{layout.StateDirectory}/gc.lock", 0x180);
        FileLock.Lock(
            gcLock.Descriptor, LockKind.Exclusive,
            () => store.Log.Write(Verbosity.Info, "waiting for the big garbage collector lock..."));
        Pause(store.Options.GcPauses.BeforeListening);
        using var runner = new GcRunner(store, action is GcAction.DeleteDead { MaxFreed: var max } ? max : long.MaxValue, cancellationToken);
        runner.FindRoots(action);
        Pause(store.Options.GcPauses.BeforeDeleting);
        runner.Act(action);
        if (deletes)
        {
            new LinkCleaner(layout, store.Log).Run(cancellationToken);
            store.Options.Overlay?.RemountIfNeeded(layout, store.Log);
        }

        return new GcResult(runner._paths, runner._freed);
    }

    public void Dispose() => _roots.Dispose();

    private static void Pause(string? file)
    {
        if (file is not null)
        {
            FileContent.ReadAll(file);
        }
    }

    /// <summary>Called under the roots' lock, so that nothing is claimed for removal meanwhile.</summary>
    private void KeepNow(StorePath root)
    {
        if (_planner is null)
        {
            _early.Add(root);
        }
        else
        {
            _planner.Keep(root);
        }
    }

    private void FindRoots(GcAction action)
    {
        _store.Log.Write(Verbosity.Info, "finding garbage collector roots...");
        var ignoresLiveness = action is GcAction.DeleteSpecific { IgnoresLiveness: true };
        // First of all: a process that makes a link and ends has either said that it needs the object, or its link is there
        // when links are read. The other way round both may be missed.
        var temporary = _store.Links.ListTemporary().Select(r => r.Path).ToList();
        Pause(_store.Options.GcPauses.BeforeReadingLinks);
        var found = ignoresLiveness ? [] : _store.Links.List().Concat(RuntimeRoots.List(_store.Directory)).Select(r => r.Path).ToList();
        var graph = _store.Database.LoadGraph();
        // With --ignore-liveness these would let removal spread to outputs or derivations that nobody named.
        var planner = new GcPlanner(
            graph, _store.Settings.KeepOutputs && !ignoresLiveness, _store.Settings.KeepDerivations && !ignoresLiveness);
        foreach (var root in found)
        {
            planner.Keep(root);
        }

        _roots.Start(() =>
        {
            _planner = planner;
            foreach (var root in _early)
            {
                planner.Keep(root);
            }

            _early = [];
        });
        foreach (var root in temporary)
        {
            _roots.Add(root);
        }
    }

    private void Act(GcAction action)
    {
        switch (action)
        {
            case GcAction.ListLive:
                _store.Log.Write(Verbosity.Info, "determining live/dead paths...");
                _paths.UnionWith(_planner!.Alive.Select(_store.Directory.Absolute));
                _paths.UnionWith(OtherEntries().Where(e => e.Path is { } path && IsNeeded(path)).Select(e => Absolute(e.Name)));
                break;
            case GcAction.ListDead:
                _store.Log.Write(Verbosity.Info, "determining live/dead paths...");
                _paths.UnionWith(_planner!.ListDead().Select(_store.Directory.Absolute));
                _paths.UnionWith(OtherEntries().Where(e => e.Path is { } path && !IsNeeded(path)).Select(e => Absolute(e.Name)));
                break;
            case GcAction.DeleteSpecific specific:
                DeleteSpecific(specific.Paths);
                break;
            default:
                _store.Log.Write(Verbosity.Info, "deleting garbage...");
                if (_maxFreed > 0)
                {
                    DeleteDead();
                }

                break;
        }
    }

    private void DeleteDead()
    {
        // With a limit, what is not removed any more must stay valid.
        foreach (var batch in _planner!.ListDead().ToList().Chunk(_maxFreed == long.MaxValue ? Batch : 1))
        {
            if (!Delete(batch))
            {
                return;
            }
        }

        foreach (var (name, path) in OtherEntries())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (path is null ? !DeleteForeign(name) : !Delete([path], isValid: false))
            {
                return;
            }
        }
    }

    private void DeleteSpecific(IReadOnlyCollection<StorePath> wanted)
    {
        var invalid = wanted.Where(p => !_store.Database.Holds(p)).ToHashSet();
        foreach (var path in invalid.Where(p => PathStatus.Exists(_store.Layout.RealPath(p)) && !IsNeeded(p)))
        {
            Delete([path], isValid: false);
        }

        var removable = _planner!.ListRemovable(wanted).ToList();
        Delete(removable);
        foreach (var path in wanted.Where(p => !invalid.Contains(p) && _store.Database.Holds(p)))
        {
            throw new StoreException(
                StoreErrors.InUse,
                $"Cannot delete path '{_store.Directory.Absolute(path)}' since it is still alive."
                + " To find out why, use: nix-store --query --roots and nix-store --query --referrers");
        }
    }

    private bool IsNeeded(StorePath path) => _roots.Claim([path], _planner!.IsAlive) is not [var claimed] || !Released(claimed);

    private bool Released(StorePath path)
    {
        _roots.Release(path);
        return true;
    }

    /// <summary>Removes objects, but for those that somebody began to need; false when enough is freed.</summary>
    private bool Delete(IEnumerable<StorePath> paths, bool isValid = true)
    {
        var claimed = _roots.Claim(paths, _planner!.IsAlive);
        try
        {
            foreach (var path in isValid ? Invalidate(claimed) : claimed)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                // A new object may have become valid since the database was read.
                if ((isValid || !_store.Database.Holds(path)) && !DeleteFiles(path.ToString()))
                {
                    return false;
                }

                _roots.Release(path);
            }

            return true;
        }
        finally
        {
            claimed.ForEach(_roots.Release);
        }
    }

    private List<StorePath> Invalidate(List<StorePath> paths)
    {
        try
        {
            _store.Database.Invalidate(paths);
            return paths;
        }
        catch (StoreException e) when (e.Diagnostic.Code == StoreErrors.InUse && paths.Count > 1)
        {
            // Something new refers to one of them: that one stays.
            return [.. paths.SelectMany(p => Invalidate([p]))];
        }
        catch (StoreException e) when (e.Diagnostic.Code == StoreErrors.InUse)
        {
            _store.Log.Write(Verbosity.Debug, e.Message);
            return [];
        }
    }

    /// <summary>Lists what is in the store's folder and is no valid object.</summary>
    private List<(string Name, StorePath? Path)> OtherEntries()
    {
        // Of an overlay only the upper layer is ours.
        using var directory = DirectoryHandle.OpenFollowing(_store.Options.Overlay?.UpperLayer ?? _store.Layout.RealStoreDirectory);
        var entries = new List<(string, StorePath?)>();
        foreach (var name in directory.List().Select(e => e.ToString()).Where(n => n != ".links"))
        {
            var path = StorePath.TryParse(name, out var parsed) ? parsed : null;
            if (path is null || !_planner!.Knows(path))
            {
                entries.Add((name, path));
            }
        }

        return entries;
    }

    private bool DeleteForeign(string name)
    {
        if (name.StartsWith("tmp-", StringComparison.Ordinal))
        {
            // Somebody who is adding an object holds the lock of its temporary folder.
            using var folder = DirectoryHandle.TryOpen($"{_store.Layout.RealStoreDirectory}/{name}");
            if (folder is null || !FileLock.TryLock(folder.Descriptor, LockKind.Exclusive))
            {
                return true;
            }

            return DeleteFiles(name);
        }

        return DeleteFiles(name);
    }

    private bool DeleteFiles(string name)
    {
        _store.Log.Write(Verbosity.Info, $"deleting '{Absolute(name)}'");
        _paths.Add(Absolute(name));
        try
        {
            _freed += _store.Options.Overlay is { } overlay
                ? overlay.Delete(_store.Layout, name)
                : FileTree.Delete($"{_store.Layout.RealStoreDirectory}/{name}");
        }
        catch (SystemCallException e) when (_store.Options.IgnoresDeleteFailures)
        {
            _store.Log.Write(Verbosity.Warning, $"ignoring failure to remove store path '{Absolute(name)}': {e.Message}");
        }

        if (_freed > _maxFreed)
        {
            _store.Log.Write(Verbosity.Info, $"deleted more than {_maxFreed} bytes; stopping");
            return false;
        }

        return true;
    }

    private string Absolute(string name) => $"{_store.Directory.Path}/{name}";
}
