using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;

namespace Firn.Fetching.Transfers;

/// <summary>Downloads over HTTP and HTTPS: certificates checked, redirects followed, what may pass tried again.</summary>
internal sealed class HttpTransfers : IDisposable
{
    private const int MaxRedirects = 10;
    private const int MaxShownBody = 4096;
    private static readonly TimeSpan _firstWait = TimeSpan.FromMilliseconds(250);

    private readonly FetchSettings _settings;
    private readonly IMessageLog _log;
    private readonly CancellationToken _cancellationToken;
    private readonly HttpClient _client;
    private readonly Lazy<Netrc> _netrc;

    internal HttpTransfers(FetchSettings settings, IMessageLog log, CancellationToken cancellationToken)
    {
        (_settings, _log, _cancellationToken) = (settings, log, cancellationToken);
        _netrc = new Lazy<Netrc>(() => Netrc.Read(settings.NetrcFile));
        _client = new HttpClient(MakeHandler(settings)) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd($"Firn/0.1.0 Nix/2.34.8{(settings.UserAgentSuffix.Length > 0 ? " " + settings.UserAgentSuffix : "")}");
    }

    internal Transfer Get(Url url, string knownETag, ImmutableArray<TransferHeader> headers)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (transfer, problem) = TryGet(url, knownETag, headers);
            if (transfer is not null)
            {
                return transfer;
            }

            var message = $"unable to download '{UrlRedaction.Redact(url.ToString())}': {problem!.Message}";
            if (!problem.MayPass || attempt >= _settings.DownloadAttempts)
            {
                throw new FetchException(FetchErrors.Transfer, message);
            }

            // A little chance keeps many clients from coming back all at once.
            var wait = _firstWait * Math.Pow(2, attempt - 1) * (1 + Random.Shared.NextDouble() * 0.5);
            _log.Write(Verbosity.Warning, string.Create(CultureInfo.InvariantCulture, $"{message}; retrying in {wait.TotalMilliseconds:0} ms"));
            _cancellationToken.WaitHandle.WaitOne(wait);
            _cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler MakeHandler(FetchSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = settings.ConnectTimeout > TimeSpan.Zero ? settings.ConnectTimeout : Timeout.InfiniteTimeSpan,
            MaxConnectionsPerServer = settings.HttpConnections > 0 ? settings.HttpConnections : int.MaxValue,
            UseCookies = false,
        };
        if (File.Exists(settings.SslCertFile))
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(settings.SslCertFile);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return handler;
    }

    private (Transfer?, Problem?) TryGet(Url url, string knownETag, ImmutableArray<TransferHeader> headers)
    {
        var urls = ImmutableArray.Create(url.ToString());
        string? immutable = null;
        try
        {
            while (true)
            {
                // Tokens are for the server that was asked, not for where it sends us.
                using var response = Send(new Uri(urls[^1]), knownETag, urls.Length == 1 ? headers : []);
                immutable ??= FindImmutable(response);
                if (response.StatusCode == HttpStatusCode.NotModified)
                {
                    return (new Transfer(null, knownETag, urls, immutable), null);
                }

                if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
                {
                    var next = new Uri(new Uri(urls[^1]), location);
                    if (urls.Length > MaxRedirects || next.Scheme is not ("http" or "https"))
                    {
                        return (null, new Problem($"it is redirected to '{UrlRedaction.Redact(next.ToString())}', and {(urls.Length > MaxRedirects ? $"that was redirect {urls.Length}" : "only http and https are followed")}", false));
                    }

                    urls = urls.Add(next.AbsoluteUri);
                    continue;
                }

                if (!response.IsSuccessStatusCode)
                {
                    return (null, Describe(response));
                }

                var tag = response.StatusCode == HttpStatusCode.OK ? response.Headers.ETag?.ToString() ?? "" : "";
                return (new Transfer(Save(response), tag, urls, immutable) { IsTemporary = true }, null);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException
            || (e is OperationCanceledException && !_cancellationToken.IsCancellationRequested))
        {
            var isUntrusted = e.InnerException is AuthenticationException;
            return (null, new Problem(isUntrusted ? $"the server's certificate is not trusted ({e.InnerException!.Message})"
                : e is OperationCanceledException ? "the server stopped sending" : e.Message, !isUntrusted));
        }
    }

    private HttpResponseMessage Send(Uri uri, string knownETag, ImmutableArray<TransferHeader> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri)
        {
            Version = _settings.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (knownETag.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", knownETag);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var userInfo = Uri.UnescapeDataString(uri.UserInfo);
        if (request.Headers.Authorization is null && (userInfo.Length > 0 ? userInfo : _netrc.Value.Find(uri.Host)) is { } login)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        }

        using var patience = Patience();
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).GetAwaiter().GetResult();
    }

    private CancellationTokenSource Patience()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        if (_settings.StalledDownloadTimeout > TimeSpan.Zero)
        {
            source.CancelAfter(_settings.StalledDownloadTimeout);
        }

        return source;
    }

    /// <summary>Writes a response's body to a file; each stretch must come within the time that a download may stand still.</summary>
    private string Save(HttpResponseMessage response)
    {
        var path = Path.GetTempFileName();
        try
        {
            using var file = File.Create(path);
            using var body = response.Content.ReadAsStream(_cancellationToken);
            var buffer = new byte[64 * 1024];
            while (true)
            {
                using var patience = Patience();
                var count = body.ReadAsync(buffer, patience.Token).AsTask().GetAwaiter().GetResult();
                if (count == 0)
                {
                    return path;
                }

                file.Write(buffer, 0, count);
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private Problem Describe(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var body = new byte[MaxShownBody];
        using var patience = Patience();
        var count = response.Content.ReadAsStream(patience.Token).ReadAtLeast(body, body.Length, throwOnEndOfStream: false);
        var text = Encoding.UTF8.GetString(body, 0, count).Trim();
        return new Problem(
            string.Create(CultureInfo.InvariantCulture, $"HTTP error {status}{(text.Length > 0 ? $"\n\nresponse body:\n\n{text}" : "")}"),
            status is 408 or 429 || (status >= 500 && status is not (501 or 505 or 511)));
    }

    /// <summary>Reads <c>Link: &lt;url&gt;; rel="immutable"</c>.</summary>
    private static string? FindImmutable(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links)
            ? links.SelectMany(l => l.Split(','))
                .Where(l => l.Contains("rel=\"immutable\"", StringComparison.Ordinal) && l.Contains('<') && l.IndexOf('>') > l.IndexOf('<'))
                .Select(l => l[(l.IndexOf('<') + 1)..l.IndexOf('>')]).FirstOrDefault()
            : null;

    /// <summary>Why a download failed, and whether it may work the next time.</summary>
    private sealed record Problem(string Message, bool MayPass);
}
