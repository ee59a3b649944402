using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store;
using Firn.Store.Copying;

namespace Firn.Cli.Trees;

/// <summary>Finds files inside objects of the store, on the disk or in the archives that a cache has.</summary>
internal static class StoreFiles
{
    /// <summary>Takes a path in the store apart into the tree of the object and what is meant inside.</summary>
    /// <exception cref="FirnException">It is no path in the store, or the object is not valid.</exception>
    public static (TreeNode Root, string Path) Find(Session session, string path)
    {
        var (storePath, rest) = Split(session, path);
        if (session.Store.HasFilesHere)
        {
            return (DiskTree.Of(session.Layout.RealPath(storePath)), rest);
        }

        using var nar = new PulledNar(output => session.Store.Nars.WriteNar(storePath, output));
        return (NarTree.Read(nar), rest);
    }

    /// <summary>Writes a file of an object.</summary>
    /// <exception cref="FirnException">There is no such file.</exception>
    public static void Copy(Session session, string path, Stream output)
    {
        var (storePath, rest) = Split(session, path);
        if (session.Store.HasFilesHere)
        {
            TreePath.MustBeFile(DiskTree.Of(session.Layout.RealPath(storePath)).Find(rest)?.Kind, path);
            using var file = Platform.Files.FileHandle.OpenRead(session.Layout.RealPath(System.IO.Path.GetFullPath(path)));
            file.CopyTo(output);
            return;
        }

        using var nar = new PulledNar(stream => session.Store.Nars.WriteNar(storePath, stream));
        TreePath.MustBeFile(NarFileCopy.Run(nar, rest, output), path);
    }

    private static (StorePath Object, string Inside) Split(Session session, string path)
    {
        if (!session.StoreDirectory.TrySplit(System.IO.Path.GetFullPath(path), out var storePath, out var rest))
        {
            throw new CommandException($"path '{path}' is not in the Nix store");
        }

        return session.Store.Infos.IsValid(storePath)
            ? (storePath, rest)
            : throw StoreException.NotValid(storePath, session.StoreDirectory);
    }
}
