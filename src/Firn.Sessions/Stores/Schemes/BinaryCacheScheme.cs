using Firn.Model.StorePaths;
using Firn.Store.BinaryCache;
using Firn.Store.BinaryCache.Files;
using Firn.Store.BinaryCache.Http;
using Firn.Store.BinaryCache.S3;
using Firn.Transfers;
using Firn.Transfers.S3;

namespace Firn.Sessions.Stores.Schemes;

/// <summary>Opens binary caches: <c>file://</c>, <c>http://</c>, <c>https://</c> and <c>s3://</c>.</summary>
internal static class BinaryCacheScheme
{
    public static OpenStore Open(Session session, StoreReference reference, StoreUse use)
    {
        var options = BinaryCacheOptions.Parse(reference.Parameters);
        var directory = reference.Parameters.GetValueOrDefault("store") is { Length: > 0 } given ? new StoreDirectory(given) : session.StoreDirectory;
        // C++ Nix's own tests ask so for folders to be treated as if they were servers.
        var isLikeServer = session.Environment("_NIX_FORCE_HTTP") == "1";
        ICacheFiles files = reference.Scheme switch
        {
            "file" when isLikeServer => new ReadOnlyFiles(Folder(reference)),
            "file" => Folder(reference),
            _ => OpenRemote(session, reference, options, use),
        };
        if (use == StoreUse.Full && files is FolderCacheFiles folder && !folder.Exists(CacheInfo.FileName))
        {
            folder.MakeFolders(options.IndexesDebugInfo ? ["nar", "realisations", "log", "debuginfo"] : ["nar", "realisations", "log"]);
        }

        var disk = files is FolderCacheFiles ? null : session.NarInfoCache;
        var parts = Parts(reference, BinaryCacheStore.Open(files, directory, options, use == StoreUse.Full, disk), directory, options);
        return parts with { Builds = new DeferredBuilds(() => BuilderMaker.Relayed(session, parts)) };
    }

    private static FolderCacheFiles Folder(StoreReference reference) => new(Path.GetFullPath(Uri.UnescapeDataString(reference.Authority)));

    private static HttpCacheFiles OpenRemote(Session session, StoreReference reference, BinaryCacheOptions options, StoreUse use)
    {
        var settings = session.Get<TransferSettings>();
        TimeSpan? patience = use == StoreUse.Full ? null
            : settings.ConnectTimeout > TimeSpan.Zero ? settings.ConnectTimeout : settings.StalledDownloadTimeout;
        var address = $"{reference.Scheme}://{reference.Authority}".TrimEnd('/');
        var certificate = reference.Parameters.GetValueOrDefault("tls-certificate") is { Length: > 0 } file
            ? new ClientCertificate(file, reference.Parameters.GetValueOrDefault("tls-private-key") is { Length: > 0 } key ? key : file)
            : null;
        var transfers = certificate is null
            ? session.Transfers
            : session.Own(new HttpTransfers(settings, session.Log, session.Cancellation, certificate));
        return new HttpCacheFiles(
            UrlRedaction.Redact(address), Requests(session, reference, address), transfers, options, patience, TimeProvider.System, session.Log);
    }

    private static IRequestMaker Requests(Session session, StoreReference reference, string address)
    {
        if (reference.Scheme != "s3")
        {
            return new PlainRequests(ParseAddress(address));
        }

        var bucket = S3Address.Parse(reference.Authority, reference.Parameters);
        return new S3Requests(bucket, AwsCredentials.Find(bucket.Profile, session.Environment), TimeProvider.System);
    }

    private static Uri ParseAddress(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0
        ? uri
        : throw new Model.Diagnostics.UsageException($"'{UrlRedaction.Redact(address)}' is not the address of a store: a host must come behind '//'");

    private static OpenStore Parts(StoreReference reference, BinaryCacheStore cache, StoreDirectory directory, BinaryCacheOptions options) => new(reference, directory)
    {
        Infos = cache,
        Outputs = cache,
        Derivations = cache,
        DerivationSink = cache.Writer,
        Contents = cache.Writer,
        Nars = options.LocalNarCache is { } folder ? new KeptNars(cache, cache, directory, folder) : cache,
        NarSink = cache,
        Realisations = cache,
        Signatures = cache,
        Logs = cache,
        TemporaryRoots = cache,
        Priority = cache.Info.Priority,
        WantsMassQuery = cache.Info.WantsMassQuery,
        FindNarInfo = cache.FindNarInfo,
    };
}
