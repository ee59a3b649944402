using System.Globalization;
using Firn.CacheServer.Metadata;
using Firn.Model.PathInfos;
using Firn.Model.Signing;

namespace Firn.CacheServer;

/// <summary>Makes caches' signing keys, and exchanges them.</summary>
public static class CacheKeys
{
    /// <summary>Makes the first key of a cache.</summary>
    public static string MakeFirst(string cacheName)
    {
        using var key = SecretKey.Generate($"{cacheName}-1");
        return key.Export();
    }

    /// <summary>Gives a cache another key, and signs with it all that the cache has; the old signatures stay.</summary>
    /// <param name="metadata">Knows the cache.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="imported">The new key as its file holds it; null to make one.</param>
    /// <param name="cancellationToken">Ends the work between two objects; the new key is in force nevertheless.</param>
    public static NamedCache Exchange(IMetadata metadata, NamedCache cache, string? imported, CancellationToken cancellationToken)
    {
        using var old = SecretKey.Parse(cache.SecretKey);
        using var key = imported is null ? SecretKey.Generate(NameAfter(old.Name)) : SecretKey.Parse(imported);
        var changed = metadata.Save(cache with { SecretKey = key.Export() });
        foreach (var path in metadata.ListPaths(cache))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var known = NarInfoText.Read(path.NarInfo, cache.Directory, path.Path.ToString());
            var signed = known with { Info = key.Sign(known.Info, cache.Directory) };
            metadata.SavePath(cache, path with { NarInfo = NarInfoText.Write(signed, cache.Directory) }, []);
        }

        return changed;
    }

    private static string NameAfter(string name)
    {
        var dash = name.LastIndexOf('-');
        return dash > 0 && int.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? $"{name[..dash]}-{number + 1}"
            : $"{name}-2";
    }
}
