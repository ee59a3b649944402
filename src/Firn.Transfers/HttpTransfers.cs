using System.Globalization;
using Firn.Model.Diagnostics;
using Firn.Transfers.S3;

namespace Firn.Transfers;

/// <summary>Brings files here and sends them away over HTTP and HTTPS, from S3 buckets too; what may pass is tried again.</summary>
/// <param name="settings">How.</param>
/// <param name="log">Hears of what goes wrong and of what goes on.</param>
/// <param name="cancellationToken">Ends all of it.</param>
/// <param name="certificate">What is shown to servers that want to know who asks; null for nothing.</param>
/// <remarks>Nothing is opened before it is needed. May be used by many threads.</remarks>
public sealed class HttpTransfers(
    TransferSettings settings, IActivityLog log, CancellationToken cancellationToken, ClientCertificate? certificate = null) : IDisposable
{
    // A connection that gets so far before it breaks is a good one.
    private const long GoodStretch = 1 << 20;

    private readonly Lazy<HttpExchange> _exchange = new(() => new HttpExchange(settings, certificate, cancellationToken));

    /// <summary>Looks an environment variable up: some say who asks an S3 server.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>Asks for a file; the answer is there when its headers are, and the rest comes as one reads.</summary>
    /// <exception cref="TransferException">It cannot be had.</exception>
    public TransferResponse Get(TransferRequest request)
    {
        request = request.Uri.Scheme == "s3" ? S3Object.Locate(request, Environment, TimeProvider.System) : request;
        var progress = TransferProgress.Start(log, request, "downloading");
        try
        {
            var (answer, failed) = Retry(request, "download", () => _exchange.Value.Send(request, 0), 0);
            return Respond(request, answer, failed, progress);
        }
        catch
        {
            progress.Dispose();
            throw;
        }
    }

    /// <summary>Asks whether a file is there.</summary>
    /// <exception cref="TransferException">The server cannot say.</exception>
    public bool Exists(TransferRequest request)
    {
        try
        {
            var head = request with { Method = HttpMethod.Head };
            Retry(head, "look for", () => _exchange.Value.Send(head, 0), 0).Answer.Dispose();
            return true;
        }
        catch (TransferException e) when (e.Failure is TransferFailure.NotFound or TransferFailure.Forbidden)
        {
            // Servers that do not list what they have say that it is forbidden to see what is not there.
            return false;
        }
    }

    /// <summary>Sends a file, or asks for something that changes what is there, and returns what the server says to that.</summary>
    /// <exception cref="TransferException">The server does not take it.</exception>
    public TransferResponse Send(TransferRequest request)
    {
        using var progress = TransferProgress.Start(log, request, "uploading");
        var (answer, _) = Retry(request, "upload", () => _exchange.Value.Send(request, 0, progress), 0);
        using (answer)
        {
            var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            try
            {
                for (int count; (count = answer.Read(buffer)) > 0;)
                {
                    body.Write(buffer, 0, count);
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException)
            {
                var problem = NetworkFailures.DescribeBreak(e, body.Length, answer.Length);
                throw new TransferException(
                    problem.Failure, $"unable to upload '{UrlRedaction.Redact(request.Uri.ToString())}': the server took it, and then {problem.Message}");
            }

            body.Position = 0;
            return new TransferResponse { Body = body, ETag = answer.ETag, Urls = answer.Urls };
        }
    }

    public void Dispose()
    {
        if (_exchange.IsValueCreated)
        {
            _exchange.Value.Dispose();
        }
    }

    private TransferResponse Respond(TransferRequest request, HttpAnswer answer, int failed, TransferProgress progress)
    {
        if (answer.IsNotModified)
        {
            progress.Dispose();
            answer.Dispose();
            return new TransferResponse { IsNotModified = true, ETag = request.KnownETag, Urls = answer.Urls, ImmutableUrl = answer.ImmutableUrl };
        }

        var last = 0L;
        var body = new ResumingBody(answer, progress, new SpeedLimit(settings.DownloadSpeed), (problem, position) =>
        {
            failed = position - last >= GoodStretch ? 1 : failed + 1;
            last = position;
            WaitOrThrow(request, "download", failed, problem, position);
            (var next, failed) = Retry(request, "download", () => _exchange.Value.Send(request with { KnownETag = "" }, position), failed);
            return next;
        });
        return new TransferResponse
        {
            Body = ContentDecoding.Decode(body, answer.Encoding, UrlRedaction.Redact(request.Uri.ToString())),
            Length = answer.Length,
            ETag = answer.ETag,
            Urls = answer.Urls,
            ImmutableUrl = answer.ImmutableUrl,
        };
    }

    private (HttpAnswer Answer, int Failed) Retry(TransferRequest request, string verb, Func<(HttpAnswer?, TransferProblem?)> attempt, int failed)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (answer, problem) = attempt();
            if (answer is not null)
            {
                return (answer, failed);
            }

            WaitOrThrow(request, verb, ++failed, problem!, 0);
        }
    }

    private void WaitOrThrow(TransferRequest request, string verb, int failed, TransferProblem problem, long position)
    {
        // A machine that has no network gets none by waiting a second.
        var hasNoNetwork = problem.Failure == TransferFailure.Unreachable && !request.Uri.IsLoopback && NetworkPresence.IsMissing();
        var message = $"unable to {verb} '{UrlRedaction.Redact(request.Uri.ToString())}': {problem.Message}{(hasNoNetwork ? "; this machine has no network" : "")}";
        var givesUp = hasNoNetwork || (problem.Failure == TransferFailure.Unreachable && !request.RetriesConnecting);
        if (givesUp || RetryPlanner.Next(failed, settings.DownloadAttempts, problem, Random.Shared.NextDouble()) is not { } wait)
        {
            throw new TransferException(problem.Failure, message);
        }

        var from = position > 0 ? string.Create(CultureInfo.InvariantCulture, $" from offset {position}") : "";
        log.Write(Verbosity.Warning, string.Create(
            CultureInfo.InvariantCulture, $"{message}; retrying{from} in {wait.TotalMilliseconds:0} ms (attempt {failed}/{settings.DownloadAttempts})"));
        cancellationToken.WaitHandle.WaitOne(wait);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
