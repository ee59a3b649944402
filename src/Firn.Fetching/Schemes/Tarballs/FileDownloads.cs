using System.Collections.Immutable;
using Firn.Fetching.Caching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Transfers;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store.Contents;
using Firn.Transfers;

namespace Firn.Fetching.Schemes.Tarballs;

/// <summary>Downloads files into the store, and remembers which URL gave which.</summary>
public sealed class FileDownloads(FetchStore store, FetchCache cache, ITransfers transfers, IMessageLog log)
{
    private const string Domain = "file";

    /// <summary>Gets a file, from the cache as long as that is fresh.</summary>
    public DownloadedFile Get(string url, string name, ImmutableArray<TransferHeader> headers)
    {
        var key = InputAttributes.Empty.With("url", url).With("name", name);
        var cached = cache.FindObject(Domain, key, store.Directory, store.Infos, store.Roots);
        if (cached is { IsFresh: true })
        {
            return FromCache(cached);
        }

        try
        {
            using var transfer = transfers.Get(url, cached?.Value.FindText("etag") ?? "", headers);
            var path = transfer.Path is { } file
                ? store.Contents.AddFromDisk(name, file, ContentOptions.Default with { Method = ContentAddressMethod.Flat })
                : cached!.Path;
            var value = InputAttributes.Empty.With("etag", transfer.ETag).With("url", transfer.Urls[^1]);
            value = transfer.ImmutableUrl is { } immutable ? value.With("immutableUrl", immutable) : value;
            foreach (var passed in transfer.Urls)
            {
                cache.PutObject(Domain, key.With("url", passed), store.Directory, value, path);
            }

            return new DownloadedFile(path, transfer.Urls[^1], transfer.ImmutableUrl);
        }
        catch (FetchException e) when (cached is not null)
        {
            log.Write(Verbosity.Warning, $"{e.Message}; using cached version");
            return FromCache(cached);
        }
    }

    private static DownloadedFile FromCache(CachedObject cached) =>
        new(cached.Path, cached.Value.GetText("url"), cached.Value.FindText("immutableUrl"));
}

/// <summary>A file that was downloaded into the store.</summary>
/// <param name="Path">The object.</param>
/// <param name="EffectiveUrl">Where it was in the end.</param>
/// <param name="ImmutableUrl">A URL that will always give this version, where the server says one.</param>
public sealed record DownloadedFile(StorePath Path, string EffectiveUrl, string? ImmutableUrl);
