using System.Text.Json;
using Firn.Archive.Nars;
using Firn.CacheServer.Metadata;
using Firn.CacheServer.Pages;
using Firn.Model.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Firn.CacheServer.Http;

/// <summary>Decides who answers a request, and whether it may be made.</summary>
internal sealed class CacheApplication(ServedCaches caches, ReadRequests reads, UploadRequests uploads, CachePages pages, IMessageLog log)
    : IHttpApplication<Exchange>
{
    public Exchange CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    public void DisposeContext(Exchange context, Exception? exception) { }

    public async Task ProcessRequestAsync(Exchange exchange)
    {
        try
        {
            await Answer(exchange).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await Apologise(exchange, e).ConfigureAwait(false);
        }
    }

    private Task Answer(Exchange exchange)
    {
        if (CacheAddress.Parse(exchange.Target) is not { } address)
        {
            return exchange.Send(404, "nothing can be at this address");
        }

        // Whoever gives no valid token is treated as one who gives none.
        var token = caches.FindToken(Credentials.TokenOf(exchange.Header("Authorization")));
        if (address.Cache is null)
        {
            return exchange.IsRead ? Task.Run(() => pages.Overview(exchange, address.Query, token)) : NotAllowed(exchange, address.Target);
        }

        if (!caches.ByName.TryGetValue(address.Cache, out var cache))
        {
            return exchange.Send(404, $"there is no cache '{address.Cache}' here");
        }

        var covers = token?.Covers(cache) == true;
        if (exchange.IsRead)
        {
            return cache.IsPublic || (covers && (token!.MayPull || (token.MayPush && IsNeededToPush(exchange, address.Target))))
                ? Read(exchange, cache, address)
                : Refuse(exchange, cache, token);
        }

        return covers && token!.MayPush ? Upload(exchange, cache, address.Target) : Refuse(exchange, cache, token);
    }

    // What is in memory is answered on the thread that read the request; whatever may wait for a disk makes others wait
    // for it on a thread of its own.
    private Task Read(Exchange exchange, NamedCache cache, CacheAddress address) => address.Target switch
    {
        CacheTarget.NarInfo { Digest: var digest } when caches.Remembers(cache, digest) => reads.NarInfo(exchange, cache, digest),
        CacheTarget.Nar { File: var file } when caches.RemembersNar(cache, file) => reads.Nar(exchange, cache, file),
        _ => Task.Run(() => Look(exchange, cache, address)),
    };

    private Task Look(Exchange exchange, NamedCache cache, CacheAddress address) => address.Target switch
    {
        CacheTarget.NarInfo target => reads.NarInfo(exchange, cache, target.Digest),
        CacheTarget.Nar target => reads.Nar(exchange, cache, target.File),
        CacheTarget.Info => reads.CacheInfo(exchange, cache),
        CacheTarget.Listing target => reads.Listing(exchange, cache, target.Digest),
        CacheTarget.Extra target => reads.Extra(exchange, cache, target.Name),
        CacheTarget.Realisation target => reads.Realisation(exchange, cache, target.Id),
        CacheTarget.Page => pages.Cache(exchange, cache, address.Query),
        CacheTarget.Action { Name: "config" } => pages.Configuration(exchange, cache),
        CacheTarget.Action { Name: "missing-paths" or "missing-chunks" or "chunks" or "nars" } => NotAllowed(exchange, address.Target),
        _ => exchange.Send(404, "nothing can be at this address"),
    };

    private Task Upload(Exchange exchange, NamedCache cache, CacheTarget target) => (exchange.Method, target) switch
    {
        ("PUT", CacheTarget.Nar nar) => uploads.Nar(exchange, cache, nar.File),
        ("PUT", CacheTarget.NarInfo info) => uploads.NarInfo(exchange, cache, info.Digest),
        ("PUT", CacheTarget.Listing) => uploads.Listing(exchange),
        ("PUT", CacheTarget.Extra { Name: var name }) when name.StartsWith("log/", StringComparison.Ordinal) => uploads.Log(exchange, cache, name),
        ("PUT", CacheTarget.Extra { Name: var name }) => uploads.DebugInfo(exchange, cache, name),
        ("PUT", CacheTarget.Realisation realisation) => uploads.Realisation(exchange, cache, realisation.Id),
        ("POST", CacheTarget.Action { Name: "missing-paths" }) => uploads.MissingPaths(exchange, cache),
        ("POST", CacheTarget.Action { Name: "missing-chunks" }) => uploads.MissingChunks(exchange),
        ("PUT", CacheTarget.Action { Name: "chunks" }) => uploads.Chunks(exchange),
        ("PUT", CacheTarget.Action { Name: "nars" } nar) => uploads.Assemble(exchange, cache, nar.Argument),
        _ => NotAllowed(exchange, target),
    };

    private static Task NotAllowed(Exchange exchange, CacheTarget target)
    {
        var allowed = target switch
        {
            CacheTarget.Page or CacheTarget.Info or CacheTarget.Action { Name: "config" } => "GET, HEAD",
            CacheTarget.Action { Name: "missing-paths" or "missing-chunks" } => "POST",
            CacheTarget.Action { Name: "chunks" or "nars" } => "PUT",
            CacheTarget.Action => "",
            _ => "GET, HEAD, PUT",
        };
        if (allowed.Length == 0)
        {
            return exchange.Send(404, "nothing can be at this address");
        }

        exchange.Headers.Allow = allowed;
        return exchange.Send(405, $"'{exchange.Method}' means nothing here; what can be asked is {allowed}");
    }

    // Clients look what is there before they push; the content of archives is none of their business.
    private static bool IsNeededToPush(Exchange exchange, CacheTarget target) =>
        exchange.IsHead || target is CacheTarget.Info or CacheTarget.NarInfo or CacheTarget.Realisation or CacheTarget.Action;

    private static Task Refuse(Exchange exchange, NamedCache cache, AccessToken? token)
    {
        if (token is not null)
        {
            return exchange.Send(403, $"the token does not allow this in cache '{cache.Name}'");
        }

        exchange.Headers.WWWAuthenticate = $"Basic realm=\"{cache.Name}\", charset=\"UTF-8\"";
        return exchange.Send(401, $"cache '{cache.Name}' asks for a valid token, as bearer token or as password of any user");
    }

    private async Task Apologise(Exchange exchange, Exception exception)
    {
        var (status, text) = exception switch
        {
            Microsoft.AspNetCore.Http.BadHttpRequestException e => (e.StatusCode, e.StatusCode switch
            {
                408 => "the request came too slowly",
                413 => "that is more than can be taken here at once",
                _ => "the request is not valid",
            }),
            CacheServerException { Kind: var kind } e when kind == CacheServerErrors.Collected => (503, e.Message),
            CacheServerException e => (500, e.Message),
            NarException or InvalidFormatException or InvalidDataException or JsonException => (422, exception.Message),
            OperationCanceledException or Microsoft.AspNetCore.Connections.ConnectionResetException => (499, ""),
            IOException => (exchange.Aborted.IsCancellationRequested ? 499 : 507, "the server cannot write to its disk"),
            _ => (500, "the server failed"),
        };
        if (status >= 500)
        {
            log.Write(Verbosity.Error, $"{exchange.Method} {exchange.Target}: {exception.GetType().Name}: {exception.Message}");
        }

        if (exchange.HasStarted || status == 499)
        {
            exchange.Abort();
            return;
        }

        if (status == 503)
        {
            exchange.Headers.RetryAfter = "1";
        }

        exchange.Headers.ContentRange = default;
        await exchange.Send(status, text).ConfigureAwait(false);
    }
}
