using Firn.Archive.Hashing;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Store.Local.Adding;

namespace Firn.Store.Local.Verifying;

/// <summary>Reads a store and tells what is not as it was added; changes nothing.</summary>
public sealed class IntegrityScanner(LocalStore store)
{
    private const int AnyoneMayWrite = 0x92;
    private const int SetIds = 0xc00;

    /// <summary>Reads all objects, as many at once as there are processors, and what lies beside them.</summary>
    /// <returns>What was found, by path.</returns>
    public IReadOnlyList<Finding> ScanAll(CancellationToken cancellationToken)
    {
        var found = new List<Finding>();
        ParallelWork.ForEach(store.ListAll().ToList(), Environment.ProcessorCount, path =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var here = Scan(path);
            if (here.Count > 0)
            {
                lock (found)
                {
                    found.AddRange(here);
                }
            }
        });
        found.AddRange(ScanForeign());
        return [.. found.OrderBy(f => f.Object is null).ThenBy(f => f.Object?.ToString(), StringComparer.Ordinal).ThenBy(f => f.Kind)];
    }

    /// <summary>Reads one object; nothing is wrong with one that is not valid any more.</summary>
    public IReadOnlyList<Finding> Scan(StorePath path)
    {
        if (store.Find(path) is not { } info)
        {
            return [];
        }

        var findings = Scan(info);
        // A collector may have removed it while we read.
        return findings.Count > 0 && !store.Database.Holds(path) ? [] : findings;
    }

    private List<Finding> Scan(PathInfo info)
    {
        var (real, shown) = (store.Layout.RealPath(info.Path), store.Directory.Absolute(info.Path));
        if (!PathStatus.Exists(real))
        {
            return [new(info.Path, FindingKind.Missing, $"path '{shown}' is missing")];
        }

        try
        {
            var odd = new List<string>();
            FindOdd(real, shown, odd);
            var hash = PathHash.OfNar(real);
            if (!info.NarHash.Equals(Hash.Zero(HashAlgorithm.Sha256)) && !hash.Hash.Equals(info.NarHash))
            {
                var where = odd.Count == 0 ? "" : $"; look at {string.Join(", ", odd.Take(5))}";
                return [new(info.Path, FindingKind.Modified, $"path '{shown}' was modified! expected hash '{info.NarHash}', got '{hash.Hash}'{where}")];
            }

            return odd.Count == 0
                ? []
                : [new(info.Path, FindingKind.Metadata, $"path '{shown}' has files that somebody may write to or has touched: {string.Join(", ", odd.Take(5))}")];
        }
        catch (Exception e) when (e is FirnException or IOException)
        {
            return [new(info.Path, FindingKind.Unreadable, $"path '{shown}' cannot be read: {e.Message}")];
        }
    }

    /// <summary>Lists files whose metadata is not canonical: where a modification is, metadata often tells the place.</summary>
    private static void FindOdd(string real, string shown, List<string> odd)
    {
        var status = PathStatus.Get(real);
        if ((!status.IsSymlink && (status.Permissions & (AnyoneMayWrite | SetIds)) != 0) || status.ModifiedSeconds != CanonicalMetadata.Time)
        {
            odd.Add($"'{shown}'");
        }

        if (status.IsDirectory)
        {
            using var directory = DirectoryHandle.Open(real);
            foreach (var entry in directory.List())
            {
                FindOdd($"{real}/{entry}", $"{shown}/{entry}", odd);
            }
        }
    }

    /// <summary>Lists what is neither a valid object nor one that a running build or a collector answers for.</summary>
    private List<Finding> ScanForeign()
    {
        var found = new List<Finding>();
        using var directory = DirectoryHandle.OpenFollowing(store.Options.Overlay?.UpperLayer ?? store.Layout.RealStoreDirectory);
        var temporary = new Lazy<HashSet<StorePath>>(() => [.. store.Links.ListTemporary().Select(r => r.Path)]);
        foreach (var name in directory.List().Select(e => e.ToString()).Order(StringComparer.Ordinal))
        {
            var isKnown = name == ".links" || name.StartsWith("tmp-", StringComparison.Ordinal)
                || name.EndsWith(".lock", StringComparison.Ordinal) || name.EndsWith(".chroot", StringComparison.Ordinal)
                || (StorePath.TryParse(name, out var path) && (store.Database.Holds(path) || temporary.Value.Contains(path)));
            if (!isKnown)
            {
                found.Add(new(null, FindingKind.Foreign, $"'{store.Directory.Path}/{name}' belongs to no object; 'nix store gc' removes it"));
            }
        }

        return found;
    }
}
