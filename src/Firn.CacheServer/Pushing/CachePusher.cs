using Firn.Archive.Compression;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.CacheServer.Pushing;

/// <summary>Pushes objects to a cache: those that it does not have, several at once, each after all that it refers to.</summary>
public sealed class CachePusher(CacheClient client, IPathInfoSource infos, INarSource nars, StoreDirectory directory, IMessageLog log)
{
    /// <summary>How many objects are uploaded at once when nobody says.</summary>
    public static int UsualJobs { get; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>How many objects are uploaded at once.</summary>
    public int Jobs { get; init; } = UsualJobs;

    /// <summary>Tells of which outputs of content-addressed derivations an object is known to be.</summary>
    public Func<StorePath, IEnumerable<Realisation>> RealisationsOf { get; init; } = _ => [];

    /// <summary>Pushes objects; they must be closed under references, or the cache must have what is not among them.</summary>
    /// <exception cref="FirnException">One cannot be pushed; those that do not need it are pushed nevertheless.</exception>
    public PushResult Push(IReadOnlyCollection<StorePath> paths, CancellationToken cancellationToken)
    {
        if (client.FindStoreDirectory() is var theirs && theirs != directory.Path)
        {
            throw new CacheServerException(CacheServerErrors.Refused, $"the cache is for the store '{theirs}', not '{directory.Path}'");
        }

        var missing = client.FindMissingPaths(paths.Select(p => p.Digest));
        var wanted = paths.Where(p => missing.Contains(p.Digest)).ToDictionary(p => p, p => infos.Get(p, directory));
        if (wanted.Count > 0)
        {
            log.Write(Verbosity.Info, $"pushing {wanted.Count} of {paths.Count} paths; the cache has the others");
        }

        var queue = new PushQueue(wanted.Values);
        var sent = 0L;
        var workers = Enumerable.Range(0, Math.Min(Jobs, wanted.Count)).Select(_ => new Thread(() =>
        {
            while (queue.Take(cancellationToken) is { } info)
            {
                try
                {
                    Interlocked.Add(ref sent, PushOne(info));
                    queue.Done(info, null);
                }
                catch (Exception e)
                {
                    queue.Done(info, e);
                }
            }
        })
        { Name = "push" }).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        cancellationToken.ThrowIfCancellationRequested();
        return queue.Failure is { } failure
            ? throw (failure as FirnException ?? new CacheServerException(CacheServerErrors.Refused, $"pushing failed: {failure.Message}", failure))
            : new PushResult(wanted.Count, paths.Count, sent);
    }

    private long PushOne(PathInfo info)
    {
        log.Write(Verbosity.Talkative, $"pushing '{directory.Absolute(info.Path)}'...");
        using var uploader = new NarUploader(client);
        nars.WriteNar(info.Path, uploader.Input);
        var url = uploader.Finish(info.NarHash);
        var text = NarInfoText.Write(new NarInfo(info, url, CompressionMethod.Zstd.Name(), null, 0), directory);
        // Before the object itself: the next push will not look at one that is there.
        foreach (var realisation in RealisationsOf(info.Path))
        {
            client.PutRealisation(realisation);
        }

        client.PutNarInfo(info.Path.Digest, text);
        return uploader.Sent;
    }
}

/// <summary>What a push did.</summary>
/// <param name="Pushed">How many objects the cache did not have.</param>
/// <param name="All">How many it has now, of those that it was to have.</param>
/// <param name="BytesSent">How much was sent for that.</param>
public sealed record PushResult(int Pushed, int All, long BytesSent);
