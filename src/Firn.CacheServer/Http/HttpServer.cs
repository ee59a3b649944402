using System.Net;
using Firn.CacheServer.Pages;
using Firn.CacheServer.Transport;
using Firn.Model.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Firn.CacheServer.Http;

/// <summary>Serves caches over HTTP until it is disposed.</summary>
public sealed class HttpServer : IDisposable
{
    // Another process may add caches or revoke tokens at any time; so long it may take until the server knows.
    private static readonly TimeSpan _foreignChangesSeen = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _useRecorded = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly ServedCaches _caches;
    private readonly UploadRequests _uploads;
    private readonly KestrelServer _kestrel;
    private readonly IMessageLog _log;
    private readonly Collecting.UseHandover _handover;
    private readonly IDisposable _serving;
    private readonly List<ITimer> _timers = [];

    private HttpServer(CacheFolder folder, ServerOptions options, TimeProvider time, IMessageLog log)
    {
        _log = log;
        _handover = folder.Handover;
        _serving = _handover.BeginServing();
        _caches = new ServedCaches(folder.Metadata, folder.Blobs, time);
        _uploads = new UploadRequests(_caches, log);
        var kestrel = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = true };
        foreach (var endpoint in options.Endpoints)
        {
            kestrel.Listen(endpoint, l => l.Protocols = HttpProtocols.Http1);
        }

        _kestrel = new KestrelServer(Options.Create(kestrel), new SocketListenerFactory(), NullLoggerFactory.Instance);
        Application = new CacheApplication(_caches, new ReadRequests(_caches), _uploads, new CachePages(_caches, options.PublicUrl), log);
    }

    /// <summary>Where it can be reached, such as <c>http://127.0.0.1:8080</c>.</summary>
    public IReadOnlyList<string> Addresses => [.. _kestrel.Features.Get<IServerAddressesFeature>()!.Addresses];

    private CacheApplication Application { get; }

    /// <summary>Has sockets call back on the thread that the kernel tells, which spares each request a change of threads.</summary>
    /// <remarks>For a process that does nothing but serve, before it opens its first socket: where threads wait for each
    /// other they would come to a standstill. It bought a third of the latency of a narinfo (see benchmarks/serve).</remarks>
    public static void PreferLatency() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    /// <summary>Starts to serve what is in a folder.</summary>
    /// <exception cref="CacheServerException">An address cannot be used.</exception>
    public static HttpServer Start(CacheFolder folder, ServerOptions options, TimeProvider time, IMessageLog log)
    {
        var server = new HttpServer(folder, options, time, log);
        try
        {
            server._kestrel.StartAsync(server.Application, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            server.Dispose();
            throw new CacheServerException(
                CacheServerErrors.Address, $"cannot listen on {string.Join(", ", options.Endpoints)}: {e.Message}", e,
                "Choose another address by '--listen'.");
        }

        server.Repeat(server.SeeForeignChanges, _foreignChangesSeen, time);
        server.Repeat(server._caches.RecordUse, _useRecorded, time);
        return server;
    }

    public void Dispose()
    {
        _timers.ForEach(t => t.Dispose());
        using (var patience = new CancellationTokenSource(_patience))
        {
            _kestrel.StopAsync(patience.Token).GetAwaiter().GetResult();
        }

        _kestrel.Dispose();
        Guard(_caches.RecordUse);
        _serving.Dispose();
        _caches.OpenBlobs.Clear();
        _uploads.Dispose();
    }

    private void SeeForeignChanges()
    {
        if (_caches.Metadata.HasForeignChanges())
        {
            _caches.Clear();
        }

        if (_handover.IsWanted)
        {
            _caches.RecordUse();
            _handover.Finish();
        }
    }

    // Never twice at the same time: while somebody else holds the database, those who wait for it would become many.
    private void Repeat(Action work, TimeSpan period, TimeProvider time)
    {
        var isRunning = 0;
        _timers.Add(time.CreateTimer(
            _ =>
            {
                if (Interlocked.Exchange(ref isRunning, 1) == 0)
                {
                    Guard(work);
                    Volatile.Write(ref isRunning, 0);
                }
            },
            null, period, period));
    }

    // What fails now, such as writing to a full disk, is tried again soon; it is no reason to stop serving.
    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (FirnException e)
        {
            _log.Write(Verbosity.Warning, e.Message);
        }
    }
}

/// <summary>How a server is reached.</summary>
/// <param name="Endpoints">The addresses that it listens on.</param>
/// <param name="PublicUrl">How clients reach it, when that is something else, such as a proxy in front of it.</param>
public sealed record ServerOptions(IReadOnlyList<IPEndPoint> Endpoints, string? PublicUrl);
