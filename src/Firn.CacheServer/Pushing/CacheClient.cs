using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Firn.CacheServer.Ingesting;
using Firn.Model.Hashing;

namespace Firn.CacheServer.Pushing;

/// <summary>Talks to a cache on a Firn server; may be used by several threads.</summary>
public sealed class CacheClient : IDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient _http;
    private readonly string _url;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="url">The cache, such as <c>https://cache.example.org/team</c>.</param>
    /// <param name="token">The token to show; null for none.</param>
    public CacheClient(string url, string? token)
    {
        _url = url.TrimEnd('/');
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A token is for the server that it was given for, wherever that points.
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = TimeSpan.FromMinutes(30),
        };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Returns which store's paths the cache has.</summary>
    public string FindStoreDirectory(CancellationToken cancellationToken) =>
        Ask(HttpMethod.Get, "nix-cache-info", null, cancellationToken).Split('\n')
            .FirstOrDefault(l => l.StartsWith("StoreDir: ", StringComparison.Ordinal))?["StoreDir: ".Length..].Trim() ?? "/nix/store";

    /// <summary>Returns what clients have to be configured to.</summary>
    public string GetConfiguration(CancellationToken cancellationToken) => Ask(HttpMethod.Get, "-/config", null, cancellationToken);

    /// <summary>Returns those of the digests that the cache has no objects of.</summary>
    public IReadOnlySet<string> FindMissingPaths(IEnumerable<string> digests, CancellationToken cancellationToken)
    {
        const int Group = 10_000;
        return digests.Chunk(Group).SelectMany(group => Lines(HttpMethod.Post, "-/missing-paths", group, cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Returns those of the chunks that are not there.</summary>
    public IReadOnlySet<string> FindMissingChunks(IReadOnlyCollection<string> hashes, CancellationToken cancellationToken) =>
        Lines(HttpMethod.Post, "-/missing-chunks", hashes, cancellationToken).ToHashSet(StringComparer.Ordinal);

    /// <summary>Uploads chunks in the form of <see cref="ChunkMessage"/>.</summary>
    public void PutChunks(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        Ask(HttpMethod.Put, "-/chunks", () => new ReadOnlyMemoryContent(message), cancellationToken);

    /// <summary>Has the cache make a NAR of chunks; returns where it is.</summary>
    public string PutNar(Hash narHash, IEnumerable<string> chunks, CancellationToken cancellationToken)
    {
        var text = Encoding.ASCII.GetBytes(string.Join('\n', chunks));
        return Ask(HttpMethod.Put, $"-/nars/{narHash.Digest(HashFormat.Nix32)}", () => new ByteArrayContent(text), cancellationToken).Trim();
    }

    /// <summary>Makes an object known whose NAR is there.</summary>
    public void PutNarInfo(string digest, string text, CancellationToken cancellationToken) =>
        Ask(HttpMethod.Put, $"{digest}.narinfo", () => new StringContent(text, Encoding.UTF8), cancellationToken);

    public void Dispose() => _http.Dispose();

    private IEnumerable<string> Lines(HttpMethod method, string path, IReadOnlyCollection<string> lines, CancellationToken cancellationToken)
    {
        var text = Encoding.ASCII.GetBytes(string.Join('\n', lines));
        return Ask(method, path, () => new ByteArrayContent(text), cancellationToken).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Ask(HttpMethod method, string path, Func<HttpContent>? content, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var failure = TryAsk(method, path, content, cancellationToken, out var answer);
            if (failure is null)
            {
                return answer;
            }

            if (!failure.MayPass || attempt == Attempts)
            {
                throw failure.Error;
            }

            // Twice as long each time, and never all clients at once.
            var delay = _firstDelay * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble());
            cancellationToken.WaitHandle.WaitOne(delay);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private Failure? TryAsk(HttpMethod method, string path, Func<HttpContent>? content, CancellationToken cancellationToken, out string answer)
    {
        answer = "";
        using var request = new HttpRequestMessage(method, $"{_url}/{path}") { Content = content?.Invoke() };
        try
        {
            using var response = _http.Send(request, cancellationToken);
            using var reader = new StreamReader(response.Content.ReadAsStream(cancellationToken), Encoding.UTF8);
            answer = reader.ReadToEnd();
            return response.IsSuccessStatusCode ? null : new Failure(
                Refused(response.StatusCode, answer.Trim()), response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Failure(
                new CacheServerException(CacheServerErrors.Unreachable, $"cannot talk to the cache '{_url}': {(e.InnerException ?? e).Message}", e), MayPass: true);
        }
    }

    private CacheServerException Refused(HttpStatusCode status, string text) => new(
        CacheServerErrors.Refused, $"the cache '{_url}' answers {(int)status}: {text}", null,
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? ["Give a token that may push to this cache: 'firn cache login NAME URL' reads one."]
            : []);

    private sealed record Failure(CacheServerException Error, bool MayPass);
}
