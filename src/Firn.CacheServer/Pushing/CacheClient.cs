using System.Text;
using System.Text.Json;
using Firn.CacheServer.Ingesting;
using Firn.Model.Hashing;
using Firn.Model.Realisations;
using Firn.Transfers;

namespace Firn.CacheServer.Pushing;

/// <summary>Talks to a cache on a Firn server; may be used by several threads.</summary>
/// <param name="url">The cache, such as <c>https://cache.example.org/team</c>.</param>
/// <param name="token">The token to show; null for what the user's files say for that server.</param>
/// <param name="transfers">Does so, as the settings say.</param>
public sealed class CacheClient(string url, string? token, HttpTransfers transfers)
{
    private readonly string _url = url.TrimEnd('/');

    /// <summary>Returns which store's paths the cache has.</summary>
    public string FindStoreDirectory() =>
        Ask(HttpMethod.Get, "nix-cache-info", null).Split('\n')
            .FirstOrDefault(l => l.StartsWith("StoreDir: ", StringComparison.Ordinal))?["StoreDir: ".Length..].Trim() ?? "/nix/store";

    /// <summary>Returns what clients have to be configured to.</summary>
    public string GetConfiguration() => Ask(HttpMethod.Get, "-/config", null);

    /// <summary>Returns those of the digests that the cache has no objects of.</summary>
    public IReadOnlySet<string> FindMissingPaths(IEnumerable<string> digests)
    {
        const int Group = 10_000;
        return digests.Chunk(Group).SelectMany(group => Lines(HttpMethod.Post, "-/missing-paths", group)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Returns those of the chunks that are not there.</summary>
    public IReadOnlySet<string> FindMissingChunks(IReadOnlyCollection<string> hashes) =>
        Lines(HttpMethod.Post, "-/missing-chunks", hashes).ToHashSet(StringComparer.Ordinal);

    /// <summary>Uploads chunks in the form of <see cref="ChunkMessage"/>.</summary>
    public void PutChunks(byte[] message, int length) => Ask(HttpMethod.Put, "-/chunks", ContentOf(message, length));

    /// <summary>Has the cache make a NAR of chunks; returns where it is.</summary>
    public string PutNar(Hash narHash, IEnumerable<string> chunks) =>
        Ask(HttpMethod.Put, $"-/nars/{narHash.Digest(HashFormat.Nix32)}", TextOf(chunks)).Trim();

    /// <summary>Makes an object known whose NAR is there.</summary>
    public void PutNarInfo(string digest, string text) =>
        Ask(HttpMethod.Put, $"{digest}.narinfo", TextOf([text]));

    /// <summary>Makes it known what an output of a content-addressed derivation became.</summary>
    public void PutRealisation(Realisation realisation)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            RealisationJson.Write(json, realisation);
        }

        Ask(HttpMethod.Put, $"realisations/{realisation.Id}.doi", ContentOf(text.ToArray(), (int)text.Length));
    }

    private string[] Lines(HttpMethod method, string path, IEnumerable<string> lines) =>
        Ask(method, path, TextOf(lines)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static TransferContent TextOf(IEnumerable<string> lines)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        return ContentOf(text, text.Length);
    }

    private static TransferContent ContentOf(byte[] bytes, int length) =>
        new(() => new MemoryStream(bytes, 0, length, writable: false), length, "application/octet-stream");

    private string Ask(HttpMethod method, string path, TransferContent? content)
    {
        var request = new TransferRequest(new Uri($"{_url}/{path}"))
        {
            Method = method,
            Content = content,
            Headers = token is null ? [] : [new TransferHeader("Authorization", $"Bearer {token}")],
        };
        try
        {
            using var response = content is null ? transfers.Get(request) : transfers.Send(request);
            using var reader = new StreamReader(response.Body, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (TransferException e)
        {
            throw e.Failure is TransferFailure.Unreachable or TransferFailure.Broken
                ? new CacheServerException(CacheServerErrors.Unreachable, $"cannot talk to the cache '{_url}': {e.Message}", e)
                : new CacheServerException(CacheServerErrors.Refused, $"the cache '{_url}' refuses: {e.Message}", e, HintsFor(e.Failure));
        }
    }

    private string[] HintsFor(TransferFailure failure) => failure is not TransferFailure.Forbidden ? [] : token is null
        ? ["Give a token for it: 'firn cache login NAME URL' remembers one, $FIRN_CACHE_TOKEN or, as password, the file that 'netrc-file' names can hold it."]
        : ["Give a token that allows it: whoever keeps the cache makes one by 'firn cache token create'."];
}
