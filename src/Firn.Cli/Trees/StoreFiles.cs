using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Store;

namespace Firn.Cli.Trees;

/// <summary>Finds files inside objects of the store.</summary>
internal static class StoreFiles
{
    /// <summary>Takes a path in the store apart into the tree of the object and what is meant inside.</summary>
    /// <exception cref="FirnException">It is no path in the store, or the object is not valid.</exception>
    public static (TreeNode Root, string Path) Find(Session session, string path)
    {
        if (!session.StoreDirectory.TrySplit(System.IO.Path.GetFullPath(path), out var storePath, out var rest))
        {
            throw new UsageException($"path '{path}' is not in the Nix store");
        }

        return session.Store.Infos.IsValid(storePath)
            ? (DiskTree.Of(session.Layout.RealPath(storePath)), rest)
            : throw StoreException.NotValid(storePath, session.StoreDirectory);
    }
}
