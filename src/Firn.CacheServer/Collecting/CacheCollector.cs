using Firn.CacheServer.Blobs;
using Firn.CacheServer.Metadata;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;

namespace Firn.CacheServer.Collecting;

/// <summary>Removes what nobody asked for in a long time, and the chunks that then nothing needs.</summary>
/// <remarks>A server may serve and take uploads meanwhile: what is younger than the grace period is left alone, and an
/// upload that finds a chunk gone is told to try again.</remarks>
public sealed class CacheCollector(IMetadata metadata, IBlobs blobs, TimeProvider time, IMessageLog log)
{
    /// <summary>Blobs of which less than that part is used are written anew.</summary>
    private const double WorthKeeping = 0.5;

    /// <summary>How long that is when nobody says.</summary>
    public static TimeSpan UsualGrace { get; } = TimeSpan.FromHours(1);

    /// <summary>What belongs to an upload that is going on is younger than that; nor is forgotten what was pushed or asked for within it.</summary>
    public TimeSpan Grace { get; init; } = UsualGrace;

    /// <summary>Collects in all caches.</summary>
    /// <param name="retention">Overrides what each cache says, when given.</param>
    /// <param name="isDry">Whether only to tell what would be forgotten.</param>
    /// <param name="cancellationToken">Ends the work between two steps; the next run goes on.</param>
    public CollectionResult Collect(TimeSpan? retention, bool isDry, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var paths = 0L;
        foreach (var cache in metadata.ListCaches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((retention ?? cache.Retention) is not { } kept)
            {
                continue;
            }

            var limit = now - (kept > Grace ? kept : Grace);
            var removed = isDry
                ? FindDead(metadata.ListPaths(cache), cache, limit).Count
                : metadata.RemovePaths(cache, all => FindDead(all, cache, limit));
            paths += removed;
            log.Write(Verbosity.Info, $"cache '{cache.Name}': {removed} paths {(isDry ? "would be" : "were")} removed");
        }

        return isDry ? new CollectionResult(paths, 0) : new CollectionResult(paths, Sweep(now - Grace, cancellationToken));
    }

    private static IReadOnlyCollection<string> FindDead(IEnumerable<StoredPath> paths, NamedCache cache, DateTimeOffset limit) =>
        RetentionPlanner.FindDead(paths.Select(p => (p.Path.Digest, p.Accessed, References(p, cache))), limit);

    private static IReadOnlyList<string> References(StoredPath path, NamedCache cache) =>
        [.. NarInfoText.Read(path.NarInfo, cache.Directory, path.Path.ToString()).Info.OtherReferences.Select(r => r.Digest)];

    private long Sweep(DateTimeOffset limit, CancellationToken cancellationToken)
    {
        metadata.Sweep(limit);
        var used = metadata.ListBlobs().ToDictionary(b => b.Name, b => b.Used, StringComparer.Ordinal);
        var others = metadata.ListOtherBlobs();
        var freed = 0L;
        foreach (var (name, written) in blobs.List().ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (written >= limit || others.Contains(name))
            {
                continue;
            }

            var size = SizeOf(name);
            if (!used.TryGetValue(name, out var needed))
            {
                blobs.Remove(name);
                freed += size;
            }
            else if (needed < size * WorthKeeping)
            {
                freed += Rewrite(name, size);
            }
        }

        return freed;
    }

    // Those who read the old blob have it open; those who come later are told of the new one.
    private long Rewrite(string name, long size)
    {
        var moved = new List<StoredChunk>();
        using var writer = blobs.Create();
        using (var reader = new Ingesting.FrameReader(blobs))
        {
            foreach (var chunk in metadata.ListChunks(name))
            {
                moved.Add(chunk with { Blob = writer.Name, Offset = writer.Length });
                writer.Write(reader.Read(chunk));
            }
        }

        writer.Commit();
        metadata.MoveChunks(moved);
        blobs.Remove(name);
        return size - writer.Length;
    }

    private long SizeOf(string name)
    {
        using var blob = blobs.Open(name);
        return blob?.Length ?? 0;
    }
}

/// <summary>What was collected.</summary>
/// <param name="Paths">How many objects caches do not have any more.</param>
/// <param name="Bytes">How much room that gave back.</param>
public sealed record CollectionResult(long Paths, long Bytes);
