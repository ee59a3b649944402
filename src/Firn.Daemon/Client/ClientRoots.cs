using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Store;
using Firn.Store.Roots;

namespace Firn.Daemon.Client;

/// <summary>Links of a user that keep objects of a daemon's store: the user makes them, the daemon keeps them in mind.</summary>
public sealed class ClientRoots(DaemonStore store, StoreDirectory directory) : IGcRoots
{
    public void AddPermanentRoot(StorePath path, string link)
    {
        link = Path.GetFullPath(link);
        if (link.StartsWith(directory.Path + "/", StringComparison.Ordinal))
        {
            throw new StoreException(
                StoreErrors.BadRoot,
                $"creating a garbage collector root ({link}) in the Nix store is forbidden (are you running nix-build inside the store?)",
                hints: "give another place with '--out-link', or run it in another directory");
        }

        // Never replace a file of somebody: only nothing, or a link into the store.
        if (PathStatus.Find(link) is { } status && !(status.IsSymlink && directory.Contains(SymbolicLink.Read(link))))
        {
            throw new StoreException(StoreErrors.BadRoot, $"cannot create symlink '{link}'; already exists");
        }

        Hold(path);
        FilePath.CreateDirectories(Path.GetDirectoryName(link)!);
        SymbolicLink.Replace(link, directory.Absolute(path));
        store.AddIndirectRoot(link);
        // Who held it for us may have been killed before a collection looked, and the link not have been there yet. A
        // collection that runs now is told; a later one sees the link.
        Hold(path);
    }

    public void AddIndirectRoot(string link) => store.AddIndirectRoot(Path.GetFullPath(link));

    public IEnumerable<GcRoot> ListRoots() => store.ListRoots();

    // What kept it until now may have ended with a connection: from here on it stays, if it is still there.
    private void Hold(StorePath path)
    {
        store.AddTemporaryRoot(path);
        if (!store.IsValid(path))
        {
            throw StoreException.NotValid(path, directory);
        }
    }
}

/// <summary>Links on a machine whose files are seen here too: the other side makes them.</summary>
public sealed class MountedRoots(DaemonStore store) : IGcRoots
{
    public void AddPermanentRoot(StorePath path, string link) => store.AddPermanentRoot(path, Path.GetFullPath(link));

    public void AddIndirectRoot(string link) => store.AddIndirectRoot(Path.GetFullPath(link));

    public IEnumerable<GcRoot> ListRoots() => store.ListRoots();
}
