using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Platform.Locks;
using Firn.Store.Roots;

namespace Firn.Store.Local.Rooting;

/// <summary>The links that keep objects alive: in <c>gcroots</c> and <c>profiles</c>, and those that <c>gcroots/auto</c> points to.</summary>
internal sealed class GcRootLinks(StoreLayout layout, Func<StorePath, bool> isValid, IMessageLog log)
{
    private string AutoDirectory => $"{layout.GcRootsDirectory}/auto";

    internal void AddPermanent(StorePath path, string link)
    {
        link = Path.GetFullPath(link);
        if (link.StartsWith(layout.Directory.Path + "/", StringComparison.Ordinal))
        {
            throw new StoreException(
                StoreErrors.BadRoot,
                $"creating a garbage collector root ({link}) in the Nix store is forbidden (are you running nix-build inside the store?)",
                hints: "give another place with '--out-link', or run it in another directory");
        }

        // Never replace a file of somebody: only nothing, or a link into the store.
        if (PathStatus.Find(link) is { } status
            && !(status.IsSymlink && layout.Directory.Contains(SymbolicLink.Read(link))))
        {
            throw new StoreException(StoreErrors.BadRoot, $"cannot create symlink '{link}'; already exists");
        }

        FilePath.CreateDirectories(Path.GetDirectoryName(link)!);
        SymbolicLink.Replace(link, layout.Directory.Absolute(path));
        AddIndirect(link);
    }

    internal void AddIndirect(string link)
    {
        var name = Hash.Of(HashAlgorithm.Sha1, Encoding.UTF8.GetBytes(link)).Digest(HashFormat.Nix32);
        FilePath.CreateDirectories(AutoDirectory);
        SymbolicLink.Replace($"{AutoDirectory}/{name}", link);
    }

    /// <summary>Lists the links that keep valid objects, each once: a profile and its generation lead to the same one.</summary>
    internal List<GcRoot> List()
    {
        var roots = new List<GcRoot>();
        Visit(layout.GcRootsDirectory, roots);
        Visit(layout.ProfilesDirectory, roots);
        return [.. roots.Distinct()];
    }

    /// <summary>Lists what running processes said they need; removes the files of those that ended.</summary>
    internal List<GcRoot> ListTemporary()
    {
        var roots = new List<GcRoot>();
        using var directory = DirectoryHandle.OpenFollowing(layout.TemporaryRootsDirectory);
        foreach (var name in directory.List().Select(e => e.ToString()).Where(n => !n.StartsWith('.')))
        {
            var path = $"{layout.TemporaryRootsDirectory}/{name}";
            using var file = FileHandle.OpenExisting(path);
            if (file is null)
            {
                continue;
            }

            // Its owner holds the lock for as long as it lives. Our own file we would lock ourselves.
            if (name != Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
                && FileLock.TryLock(file.Descriptor, LockKind.Exclusive))
            {
                log.Write(Verbosity.Info, $"removing stale temporary roots file '{path}'");
                FilePath.TryRemove(path);
                file.Write("d"u8);
                continue;
            }

            var content = Encoding.UTF8.GetString(FileContent.ReadAll(path));
            foreach (var text in content.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                if (layout.Directory.TryParse(text, out var root))
                {
                    roots.Add(new GcRoot($"{{temp:{name}}}", root));
                }
            }
        }

        return roots;
    }

    private void Visit(string path, List<GcRoot> roots)
    {
        try
        {
            var status = PathStatus.Find(path);
            switch (status?.Type)
            {
                case FileType.Directory:
                    foreach (var entry in Entries(path))
                    {
                        Visit($"{path}/{entry}", roots);
                    }

                    break;
                case FileType.Symlink:
                    Follow(path, roots);
                    break;
                case FileType.Regular when StorePath.TryParse(Path.GetFileName(path), out var named) && isValid(named):
                    roots.Add(new GcRoot(path, named));
                    break;
                default:
                    break;
            }
        }
        catch (SystemCallException e) when (e.Error is Errno.Access or Errno.NotPermitted or Errno.NoEntry or Errno.NotDirectory)
        {
            log.Write(Verbosity.Info, $"cannot read potential root '{path}'");
        }
    }

    private static List<DirectoryEntry> Entries(string path)
    {
        using var directory = DirectoryHandle.Open(path);
        return directory.List();
    }

    private void Follow(string link, List<GcRoot> roots)
    {
        var target = SymbolicLink.Read(link);
        if (IsInStore(target))
        {
            Found(link, target, roots);
            return;
        }

        target = Path.GetFullPath(target, Path.GetDirectoryName(link)!);
        if (PathStatus.Find(target) is not { } status)
        {
            if (link.StartsWith(AutoDirectory + "/", StringComparison.Ordinal))
            {
                log.Write(Verbosity.Info, $"removing stale link from '{link}' to '{target}'");
                FilePath.TryRemove(link);
            }
        }
        else if (status.IsSymlink && SymbolicLink.Read(target) is var second && IsInStore(second))
        {
            Found(target, second, roots);
        }
    }

    private bool IsInStore(string path) => path.StartsWith(layout.Directory.Path + "/", StringComparison.Ordinal);

    private void Found(string link, string target, List<GcRoot> roots)
    {
        if (!layout.Directory.TrySplit(target, out var path, out _))
        {
            return;
        }

        if (isValid(path))
        {
            roots.Add(new GcRoot(link, path));
        }
        else
        {
            log.Write(Verbosity.Info, $"skipping invalid root from '{link}' to '{target}'");
        }
    }
}
