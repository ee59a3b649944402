using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Firn.Transfers;

/// <summary>Sends one request, follows where it is sent, and says what came of it.</summary>
internal sealed class HttpExchange : IDisposable
{
    private const int MaxRedirects = 10;
    private const int MaxShownBody = 4096;

    private readonly TransferSettings _settings;
    private readonly CancellationToken _cancellationToken;
    private readonly HttpClient _client;
    private readonly string? _trustProblem;
    private readonly Logins _logins;

    internal HttpExchange(TransferSettings settings, ClientCertificate? certificate, CancellationToken cancellationToken)
    {
        (_settings, _cancellationToken) = (settings, cancellationToken);
        (_client, _trustProblem) = HttpConnections.Open(settings, certificate);
        _logins = new Logins(settings.NetrcFile, settings.BearerTokensFile);
    }

    /// <summary>Makes one attempt.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="position">From which byte on.</param>
    /// <param name="progress">Is told how much was sent.</param>
    internal (HttpAnswer? Answer, TransferProblem? Problem) Send(TransferRequest request, long position, TransferProgress? progress = null)
    {
        var urls = ImmutableArray.Create(request.Uri.ToString());
        var uri = request.Uri;
        var from = position;
        string? immutable = null;
        try
        {
            while (true)
            {
                if (uri.Scheme == "https" && _trustProblem is not null)
                {
                    return (null, new TransferProblem(TransferFailure.Refused, _trustProblem, false));
                }

                var response = SendOnce(request, uri, isFirst: urls.Length == 1, from, progress);
                var keepsOpen = false;
                try
                {
                    immutable ??= FindImmutable(response);
                    if (response.StatusCode == HttpStatusCode.NotModified)
                    {
                        return (new HttpAnswer(response, urls, default, _cancellationToken) { IsNotModified = true, ImmutableUrl = immutable }, null);
                    }

                    if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
                    {
                        var next = new Uri(uri, location);
                        if (urls.Length > MaxRedirects || next.Scheme is not ("http" or "https"))
                        {
                            var why = urls.Length > MaxRedirects ? $"that was redirect {urls.Length}" : "only http and https are followed";
                            return (null, new TransferProblem(
                                TransferFailure.Refused, $"it is redirected to '{UrlRedaction.Redact(next.ToString())}', and {why}", false));
                        }

                        uri = next;
                        urls = urls.Add(uri.AbsoluteUri);
                        continue;
                    }

                    if (!response.IsSuccessStatusCode)
                    {
                        return (null, Describe(response));
                    }

                    if (response.StatusCode == HttpStatusCode.PartialContent && (response.Content.Headers.ContentRange?.From ?? 0) != from)
                    {
                        if (from == 0)
                        {
                            return (null, new TransferProblem(TransferFailure.Refused, "the server sends a part of the file that was not asked for", false));
                        }

                        // One that begins where it likes is asked for all of it.
                        from = 0;
                        continue;
                    }

                    if (response.Content.Headers.ContentLength is null && response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var length))
                    {
                        return (null, new TransferProblem(TransferFailure.Refused, $"the server says that '{length}' is the length of the file", false));
                    }

                    keepsOpen = true;
                    return (new HttpAnswer(response, urls, _settings.StalledDownloadTimeout, _cancellationToken)
                    {
                        ImmutableUrl = immutable,
                        IsPartial = from > 0 && response.StatusCode == HttpStatusCode.PartialContent,
                    }, null);
                }
                finally
                {
                    if (!keepsOpen)
                    {
                        response.Dispose();
                    }
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException
            || (e is OperationCanceledException && !_cancellationToken.IsCancellationRequested))
        {
            var problem = NetworkFailures.Describe(e);
            return (null, e is OperationCanceledException && request.Patience is not null
                ? problem with { Failure = TransferFailure.Unreachable, MayPass = false }
                : problem);
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpResponseMessage SendOnce(TransferRequest request, Uri uri, bool isFirst, long position, TransferProgress? progress)
    {
        using var message = new HttpRequestMessage(request.Method, uri)
        {
            Version = _settings.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (request.KnownETag.Length > 0)
        {
            message.Headers.TryAddWithoutValidation("If-None-Match", request.KnownETag);
        }

        if (position > 0)
        {
            message.Headers.Range = new RangeHeaderValue(position, null);
        }

        if (request.Method == HttpMethod.Get)
        {
            message.Headers.TryAddWithoutValidation("Accept-Encoding", ContentDecoding.Accepted);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        var allowed = request.Patience ?? _settings.StalledDownloadTimeout;
        if (request.Content is { } content)
        {
            // As long as something is still taken, the server need not answer.
            message.Content = Upload(content, sent =>
            {
                progress?.Report(sent, 0);
                Restart(patience, allowed);
            });
        }

        if (isFirst)
        {
            // Tokens are for the server that was asked, not for where it sends us.
            foreach (var (name, value) in request.Headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            request.Sign?.Invoke(message);
        }

        // Nor do passwords go out in the clear because a server that is asked in secret says so.
        // A signature is in no form that the property would read.
        if (!message.Headers.Contains("Authorization") && (isFirst || request.Sign is null) && !(uri.Scheme == "http" && request.Uri.Scheme == "https"))
        {
            message.Headers.Authorization = _logins.Find(uri);
        }

        Restart(patience, allowed);
        return _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token).GetAwaiter().GetResult();
    }

    private static void Restart(CancellationTokenSource patience, TimeSpan allowed)
    {
        try
        {
            if (allowed > TimeSpan.Zero)
            {
                patience.CancelAfter(allowed);
            }
        }
        catch (ObjectDisposedException)
        {
            // The server has answered before it had all.
        }
    }

    private static StreamContent Upload(TransferContent content, Action<long> tell)
    {
        var upload = new StreamContent(new CountingStream(content.Open(), tell), 128 * 1024);
        upload.Headers.ContentLength = content.Length;
        upload.Headers.TryAddWithoutValidation("Content-Type", content.Type);
        if (content.Encoding.Length > 0)
        {
            upload.Headers.ContentEncoding.Add(content.Encoding);
        }

        return upload;
    }

    private TransferProblem Describe(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var body = new byte[MaxShownBody];
        using var answer = new HttpAnswer(response, [], _settings.StalledDownloadTimeout, _cancellationToken);
        var count = 0;
        for (int read; count < body.Length && (read = answer.Read(body.AsMemory(count))) > 0; count += read)
        {
        }

        var text = Encoding.UTF8.GetString(body, 0, count).Trim();
        var message = string.Create(
            CultureInfo.InvariantCulture, $"HTTP error {status}{(text.Length > 0 ? $"\n\nresponse body:\n\n{text}" : "")}");
        var failure = status switch
        {
            404 or 410 => TransferFailure.NotFound,
            401 or 403 or 407 => TransferFailure.Forbidden,
            >= 500 => TransferFailure.Broken,
            _ => TransferFailure.Refused,
        };
        return new TransferProblem(failure, message, status is 408 or 429 || (status >= 500 && status is not (501 or 505 or 511)))
        {
            IsAskedTooOften = status == 429,
            Wait = response.Headers.RetryAfter?.Delta,
        };
    }

    /// <summary>Reads <c>Link: &lt;url&gt;; rel="immutable"</c>.</summary>
    private static string? FindImmutable(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links)
            ? links.SelectMany(l => l.Split(','))
                .Where(l => l.Contains("rel=\"immutable\"", StringComparison.Ordinal) && l.Contains('<') && l.IndexOf('>') > l.IndexOf('<'))
                .Select(l => l[(l.IndexOf('<') + 1)..l.IndexOf('>')]).FirstOrDefault()
            : null;
}
