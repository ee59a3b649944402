using Firn.Archive.Hashing;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Store.Local.Optimising;

/// <summary>Replaces equal files by hard links to one, which <c>.links</c> holds under the hash of its NAR.</summary>
/// <remarks>The hash is of the NAR, so that a file and an executable file with the same bytes stay two.</remarks>
internal sealed class StoreOptimiser(StoreLayout layout, LocalStoreSettings settings, IMessageLog log)
{
    /// <summary>Links the files of an object that is being added, if the settings ask for it.</summary>
    internal void OptimiseAdded(string real, bool repair)
    {
        if (settings.AutoOptimiseStore)
        {
            Optimise(real, [], repair, new OptimiseResult());
        }
    }

    /// <summary>Links the files of valid objects.</summary>
    /// <param name="paths">The objects; those that a collector removes meanwhile are passed over.</param>
    /// <param name="prepare">Keeps an object from being removed and tells whether it is still valid.</param>
    /// <param name="cancellationToken">Ends the work between two objects.</param>
    internal OptimiseResult OptimiseAll(IEnumerable<StorePath> paths, Func<StorePath, bool> prepare, CancellationToken cancellationToken)
    {
        var result = new OptimiseResult();
        var linked = LoadLinked();
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (prepare(path))
            {
                log.Write(Verbosity.Talkative, $"optimising path '{layout.Directory.Absolute(path)}'");
                Optimise(layout.RealPath(path), linked, false, result);
            }
        }

        return result;
    }

    private HashSet<ulong> LoadLinked()
    {
        using var links = DirectoryHandle.OpenFollowing(layout.LinksDirectory);
        return [.. links.List().Select(e => e.Inode)];
    }

    private void Optimise(string path, HashSet<ulong> linked, bool repair, OptimiseResult result)
    {
        var status = PathStatus.Get(path);
        if (status.IsDirectory)
        {
            using var directory = DirectoryHandle.Open(path);
            foreach (var entry in directory.List())
            {
                if (!linked.Contains(entry.Inode))
                {
                    Optimise($"{path}/{entry}", linked, repair, result);
                }
            }

            return;
        }

        if (!status.IsRegular && !status.IsSymlink)
        {
            return;
        }

        // Somebody may have changed files in the store, as root.
        if (status.IsRegular && (status.Permissions & 0x80) != 0)
        {
            log.Write(Verbosity.Warning, $"skipping suspicious writable file '{path}'");
            return;
        }

        if (status.Links > 1 && linked.Contains(status.Inode))
        {
            return;
        }

        var hash = PathHash.OfNar(path).Hash;
        var link = $"{layout.LinksDirectory}/{hash.Digest(HashFormat.Nix32)}";
        if (FindGoodLink(link, status, hash, repair) is not { } linkStatus)
        {
            if (!TryMakeLink(path, link))
            {
                return;
            }

            linkStatus = PathStatus.Get(link);
        }

        linked.Add(linkStatus.Inode);
        if (status.Inode != linkStatus.Inode)
        {
            log.Write(Verbosity.Talkative, $"linking '{path}' to '{link}'");
            Replace(path, link, status, result);
        }
    }

    private FileStatus? FindGoodLink(string link, FileStatus wanted, Hash hash, bool repair)
    {
        if (PathStatus.Find(link) is not { } status)
        {
            return null;
        }

        if (status.Size == wanted.Size && (!repair || PathHash.OfNar(link).Hash.Equals(hash)))
        {
            return status;
        }

        log.Write(Verbosity.Warning, $"removing corrupted link '{link}'");
        log.Write(
            Verbosity.Warning,
            "There may be more corrupted paths.\nYou should run `nix-store --verify --check-contents --repair` to fix them all");
        FilePath.Remove(link);
        return null;
    }

    private bool TryMakeLink(string path, string link)
    {
        try
        {
            FilePath.Link(path, link);
            return true;
        }
        catch (SystemCallException e) when (e.Error == Errno.Exists)
        {
            // Another process was faster.
            return true;
        }
        catch (SystemCallException e) when (e.Error is Errno.NoSpace or Errno.TooManyLinks)
        {
            // On ext4 a folder with very many entries has no room for more: this file stays as it is.
            log.Write(Verbosity.Info, $"cannot link '{link}' to '{path}': {e.Message}");
            return false;
        }
    }

    private void Replace(string path, string link, FileStatus status, OptimiseResult result)
    {
        var folder = Path.GetDirectoryName(path)!;
        var isInObject = folder != layout.RealStoreDirectory;
        var temporary = $"{layout.RealStoreDirectory}/.tmp-link-{Environment.ProcessId}-{Guid.NewGuid():n}";
        try
        {
            FilePath.Link(link, temporary);
        }
        catch (SystemCallException e) when (e.Error == Errno.TooManyLinks)
        {
            // Usual for empty files, and no loss there.
            if (status.Size > 0)
            {
                log.Write(Verbosity.Info, $"'{link}' has maximum number of links");
            }

            return;
        }

        if (isInObject)
        {
            FilePath.ChangeMode(folder, PathStatus.Get(folder).Permissions | 0x80);
        }

        try
        {
            FilePath.Rename(temporary, path);
            result.Add(status.Size);
        }
        catch (SystemCallException e) when (e.Error == Errno.TooManyLinks)
        {
            FilePath.TryRemove(temporary);
        }
        catch
        {
            FilePath.TryRemove(temporary);
            throw;
        }
        finally
        {
            if (isInObject)
            {
                FilePath.ChangeMode(folder, 0x16d);
                FilePath.SetModified(folder, Adding.CanonicalMetadata.Time);
            }
        }
    }
}

/// <summary>What replacing files by hard links brought.</summary>
public sealed class OptimiseResult
{
    /// <summary>How many files were replaced.</summary>
    public long Files { get; private set; }

    /// <summary>How many bytes they had.</summary>
    public long Bytes { get; private set; }

    internal void Add(long size)
    {
        Files++;
        Bytes += size;
    }
}
