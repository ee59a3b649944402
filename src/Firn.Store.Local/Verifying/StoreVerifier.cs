using Firn.Archive.Hashing;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Locks;

namespace Firn.Store.Local.Verifying;

/// <summary>Compares the database with what is on the disk.</summary>
/// <param name="store">The store.</param>
/// <param name="repair">Makes a damaged object anew, by building or fetching it; null when nothing is to be repaired.</param>
internal sealed class StoreVerifier(LocalStore store, Action<StorePath>? repair)
{
    private readonly HashSet<StorePath> _seen = [];
    private readonly List<StorePath> _valid = [];
    private readonly HashSet<StorePath> _onDisk = [];
    private bool _hasErrors;

    /// <summary>Checks that all valid objects exist and, if asked for, that they are as they were added.</summary>
    /// <returns>Whether something is wrong and stays so.</returns>
    internal bool Run(bool checksContents, CancellationToken cancellationToken)
    {
        Say(Verbosity.Info, "reading the Nix store...");
        using var gcLock = FileHandle.OpenOrCreate($"{store.Layout.StateDirectory}/gc.lock", 0x180);
        FileLock.Lock(gcLock.Descriptor, LockKind.Shared, () => Say(Verbosity.Info, "waiting for the big garbage collector lock..."));
        using (var directory = DirectoryHandle.OpenFollowing(store.Layout.RealStoreDirectory))
        {
            foreach (var entry in directory.List())
            {
                if (StorePath.TryParse(entry.ToString(), out var path))
                {
                    _onDisk.Add(path);
                }
            }
        }

        Say(Verbosity.Info, "checking path existence...");
        foreach (var path in store.ListAll())
        {
            cancellationToken.ThrowIfCancellationRequested();
            CheckExistence(path);
        }

        if (checksContents)
        {
            CheckLinks(cancellationToken);
            Say(Verbosity.Info, "checking store hashes...");
            foreach (var path in _valid)
            {
                cancellationToken.ThrowIfCancellationRequested();
                CheckContent(path);
            }
        }

        return _hasErrors;
    }

    private void CheckExistence(StorePath path)
    {
        if (!_seen.Add(path))
        {
            return;
        }

        if (_onDisk.Contains(path))
        {
            _valid.Add(path);
            return;
        }

        // What refers to it must be forgotten first, which can be done if that is gone as well.
        var canForget = true;
        foreach (var referrer in store.FindReferrers(path).Where(r => !r.Equals(path)))
        {
            CheckExistence(referrer);
            canForget &= !_valid.Contains(referrer);
        }

        var shown = store.Directory.Absolute(path);
        if (canForget)
        {
            Say(Verbosity.Info, $"path '{shown}' disappeared, removing from database...");
            store.Invalidate(path);
        }
        else
        {
            Say(Verbosity.Error, $"path '{shown}' disappeared, but it still has valid referrers!");
            Repair(path);
        }
    }

    private void CheckLinks(CancellationToken cancellationToken)
    {
        Say(Verbosity.Info, "checking link hashes...");
        using var links = DirectoryHandle.OpenFollowing(store.Layout.LinksDirectory);
        foreach (var name in links.List().Select(e => e.ToString()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var link = $"{store.Layout.LinksDirectory}/{name}";
            Say(Verbosity.Talkative, $"checking contents of '{name}'");
            var hash = PathHash.OfNar(link).Hash.Digest(HashFormat.Nix32);
            if (hash == name)
            {
                continue;
            }

            Say(Verbosity.Error, $"link '{link}' was modified! expected hash {name}, got '{hash}'");
            if (repair is null)
            {
                _hasErrors = true;
            }
            else
            {
                FilePath.Remove(link);
                Say(Verbosity.Info, $"removed link '{link}'");
            }
        }
    }

    private void CheckContent(StorePath path)
    {
        try
        {
            if (store.Find(path) is not { } info)
            {
                return;
            }

            var shown = store.Directory.Absolute(path);
            Say(Verbosity.Talkative, $"checking contents of '{shown}'");
            var found = PathHash.OfNar(store.Layout.RealPath(path));
            var isUnknown = info.NarHash.Equals(Hash.Zero(HashAlgorithm.Sha256));
            if (!isUnknown && !found.Hash.Equals(info.NarHash))
            {
                Say(Verbosity.Error, $"path '{shown}' was modified! expected hash '{info.NarHash}', got '{found.Hash}'");
                Repair(path);
            }
            else if (isUnknown || info.NarSize == 0)
            {
                Say(Verbosity.Info, isUnknown ? $"fixing missing hash on '{shown}'" : $"updating size field on '{shown}' to {found.Size}");
                store.Database.Update(info with { NarHash = found.Hash, NarSize = found.Size });
            }
        }
        catch (FirnException e)
        {
            // An object may have been removed meanwhile.
            Say(store.IsValid(path) ? Verbosity.Error : Verbosity.Warning, e.Message);
            _hasErrors = true;
        }
    }

    private void Repair(StorePath path)
    {
        if (repair is null)
        {
            _hasErrors = true;
            return;
        }

        try
        {
            repair(path);
        }
        catch (FirnException e)
        {
            Say(Verbosity.Warning, e.Message);
            _hasErrors = true;
        }
    }

    private void Say(Verbosity level, string message) => store.Log.Write(level, message);
}
