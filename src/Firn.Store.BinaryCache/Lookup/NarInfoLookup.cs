using System.Collections.Concurrent;
using System.Text;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Store.BinaryCache.Lookup;

/// <summary>Finds out what a cache has: from memory, from the disk, and only then by asking.</summary>
internal sealed class NarInfoLookup(ICacheFiles files, StoreDirectory directory, NarInfoDiskCache? disk)
{
    /// <summary>No narinfo comes near this; a server that sends more wants to fill our memory.</summary>
    private const int MaxSize = 16 << 20;

    private readonly ConcurrentDictionary<string, Known<NarInfo>> _known = new(StringComparer.Ordinal);

    /// <summary>Returns what the cache has under a digest, or null.</summary>
    public NarInfo? Find(string digest)
    {
        if (_known.TryGetValue(digest, out var known))
        {
            return known.Value;
        }

        if (disk?.FindNarInfo(files.Uri, digest) is { } remembered)
        {
            return (_known[digest] = remembered).Value;
        }

        var file = $"{digest}.narinfo";
        var found = ReadText(files, file) is { } text ? NarInfoText.Read(text, directory, $"{files.Uri}/{file}") : null;
        if (found is not null && found.Info.Path.Digest != digest)
        {
            throw new StoreException(StoreErrors.BadFile, $"'{files.Uri}/{file}' speaks of another object, '{directory.Absolute(found.Info.Path)}'");
        }

        Remember(digest, found);
        return found;
    }

    /// <summary>Remembers what was written.</summary>
    public void Remember(string digest, NarInfo? narInfo)
    {
        // In a folder another process may put it at any time, and looking costs nothing.
        if (narInfo is not null || disk is not null)
        {
            _known[digest] = new(narInfo);
        }

        disk?.PutNarInfo(files.Uri, digest, narInfo);
    }

    /// <summary>Reads a small file, or returns null when there is none.</summary>
    /// <exception cref="StoreException">It is not small.</exception>
    public static string? ReadText(ICacheFiles files, string path)
    {
        using var file = files.OpenRead(path);
        if (file is null)
        {
            return null;
        }

        var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = file.Read(buffer)) > 0;)
        {
            content.Write(buffer, 0, count);
            if (content.Length > MaxSize)
            {
                throw new StoreException(StoreErrors.BadFile, $"'{files.Uri}/{path}' is larger than any such file can be");
            }
        }

        return Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
    }
}
