using System.Text;
using System.Text.Json;
using Firn.Archive.Compression;
using Firn.CacheServer.Blobs;
using Firn.CacheServer.Ingesting;
using Firn.CacheServer.Metadata;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.Signing;

namespace Firn.CacheServer.Http;

/// <summary>Takes what is uploaded; nothing is seen of an object before all of it is there.</summary>
internal sealed class UploadRequests(ServedCaches caches, IMessageLog log) : IDisposable
{
    /// <summary>How large a narinfo or a realisation may be.</summary>
    private const int MaxText = 4 << 20;

    /// <summary>How large a log may be.</summary>
    private const long MaxExtra = 1L << 30;

    /// <summary>How many digests one question may hold.</summary>
    private const int MaxLines = 100_000;

    /// <summary>How many chunks a NAR may have: some 256 GiB.</summary>
    private const int MaxChunks = 4 << 20;

    // Taking a NAR in needs a processor and some megabytes; more at once would only need more of the latter.
    private readonly SemaphoreSlim _places = new(Math.Max(4, Environment.ProcessorCount * 2));
    private readonly NarIngest _ingest = new(caches.Blobs, caches.Metadata);

    /// <summary><c>PUT nar/…</c></summary>
    public Task Nar(Exchange exchange, NamedCache cache, string file) => Work(exchange, () =>
    {
        if (UploadName.MethodOf(file) is not { } method)
        {
            return (415, $"'{file}' is compressed by a method that is not known here");
        }

        exchange.LiftSizeLimit();
        using var plain = CompressedStream.OpenRead(new BufferedStream(exchange.Upload, 64 * 1024), method, leaveOpen: true);
        caches.Metadata.SaveUpload(cache, file, _ingest.Store(plain));
        return (201, "stored");
    });

    /// <summary><c>PUT ….narinfo</c></summary>
    public Task NarInfo(Exchange exchange, NamedCache cache, string digest) => Work(exchange, () =>
    {
        var sent = NarInfoText.Read(ReadText(exchange), cache.Directory, $"{digest}.narinfo");
        var info = sent.Info;
        if (info.Path.Digest != digest)
        {
            return (422, $"it is about '{info.Path}', which belongs into another file");
        }

        var file = sent.Url.StartsWith("nar/", StringComparison.Ordinal) ? sent.Url[4..] : "";
        var nar = caches.Metadata.FindUpload(cache, file) ?? caches.FindNar(cache, file)?.Nar;
        if (nar is null)
        {
            return (409, $"'{sent.Url}' must be uploaded first");
        }

        if (!nar.NarHash.Equals(info.NarHash) || nar.NarSize != info.NarSize)
        {
            return (422, $"the archive '{sent.Url}' has the hash {nar.NarHash} and {nar.NarSize} bytes, not {info.NarHash} and {info.NarSize}");
        }

        if (NarInfoCheck.FindProblem(sent, nar, file, cache.Directory) is { } problem)
        {
            return (422, problem);
        }

        if (info.OtherReferences.FirstOrDefault(r => caches.FindNarInfo(cache, r.Digest).IsMissing) is { } missing)
        {
            return (409, $"it refers to '{missing}', which must be uploaded first");
        }

        Save(cache, info, nar);
        log.Write(Verbosity.Talkative, $"cache '{cache.Name}' has '{info.Path}' now");
        return (201, "stored");
    });

    /// <summary><c>PUT realisations/….doi</c></summary>
    public Task Realisation(Exchange exchange, NamedCache cache, string id) => Work(exchange, () =>
    {
        Realisation realisation;
        using (var json = JsonDocument.Parse(ReadText(exchange)))
        {
            realisation = RealisationJson.Read(json.RootElement);
        }

        if (realisation.Id.ToString() != id)
        {
            return (422, $"it is about '{realisation.Id}'");
        }

        if (NarInfoCheck.FindProblem(realisation.Signatures) is { } problem)
        {
            return (422, problem);
        }

        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            RealisationJson.Write(writer, caches.Key(cache).Sign(realisation));
        }

        caches.Metadata.SaveRealisation(cache, id, Encoding.UTF8.GetString(text.ToArray()));
        return (201, "stored");
    });

    /// <summary><c>PUT debuginfo/…</c>: an object of JSON that says where the debug information is.</summary>
    public Task DebugInfo(Exchange exchange, NamedCache cache, string name) => Work(exchange, () =>
    {
        var text = ReadText(exchange);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.ValueKind == JsonValueKind.Object
            ? SaveFile(cache, name, new MemoryStream(Encoding.UTF8.GetBytes(text)))
            : (422, "it must be an object of JSON");
    });

    /// <summary><c>PUT log/…</c></summary>
    public Task Log(Exchange exchange, NamedCache cache, string name) => Work(exchange, () =>
    {
        exchange.LiftSizeLimit();
        using var plain = OpenBody(exchange);
        return SaveFile(cache, name, plain);
    });

    /// <summary><c>PUT ….ls</c>: listings are made here, from the archive itself; what is sent is read and dropped.</summary>
    public Task Listing(Exchange exchange) => Work(exchange, () =>
    {
        exchange.LiftSizeLimit();
        exchange.Upload.CopyTo(Stream.Null);
        return (201, "the server makes listings itself");
    });

    /// <summary><c>POST -/missing-paths</c>: of these digests, which has the cache no objects of?</summary>
    public Task MissingPaths(Exchange exchange, NamedCache cache) => Work(exchange, () =>
        (200, string.Join('\n', ReadLines(exchange, MaxLines).Where(d => caches.FindNarInfo(cache, d).IsMissing))));

    /// <summary><c>POST -/missing-chunks</c>: of these chunks, which are not there?</summary>
    public Task MissingChunks(Exchange exchange) => Work(exchange, () =>
        (200, string.Join('\n', ReadLines(exchange, MaxLines).Where(h => caches.Metadata.FindChunk(h) is null))));

    /// <summary><c>PUT -/chunks</c></summary>
    public Task Chunks(Exchange exchange) => Work(exchange, () =>
    {
        exchange.LiftSizeLimit();
        return (201, $"{_ingest.StoreFrames(ChunkMessage.Read(exchange.Upload))} chunks stored");
    });

    /// <summary><c>PUT -/nars/HASH</c>: makes a NAR of chunks; answers where it is.</summary>
    public Task Assemble(Exchange exchange, NamedCache cache, string hash) => Work(exchange, () =>
    {
        exchange.LiftSizeLimit();
        var chunks = new List<StoredChunk>();
        foreach (var name in ReadLines(exchange, MaxChunks))
        {
            if (caches.Metadata.FindChunk(name) is not { } chunk)
            {
                return (409, "a chunk must be uploaded first");
            }

            chunks.Add(chunk);
        }

        var nar = _ingest.Assemble(chunks);
        if (nar.NarHash.Digest(HashFormat.Nix32) != hash)
        {
            return (422, $"the chunks make an archive with the hash {nar.NarHash}");
        }

        caches.Metadata.SaveUpload(cache, nar.Url["nar/".Length..], nar);
        return (201, nar.Url);
    });

    public void Dispose() => _places.Dispose();

    private (int Status, string Text) SaveFile(NamedCache cache, string name, Stream plain)
    {
        using var blob = caches.Blobs.Create();
        var size = 0L;
        using (var compressed = CompressedStream.OpenWrite(new BlobOutput(blob), CompressionMethod.Zstd, leaveOpen: true))
        {
            var buffer = new byte[64 * 1024];
            for (int count; (count = plain.Read(buffer)) > 0;)
            {
                size += count;
                if (size > MaxExtra)
                {
                    return (413, $"files beside objects may have {MaxExtra} bytes");
                }

                compressed.Write(buffer, 0, count);
            }
        }

        blob.Commit();
        caches.Metadata.SaveFile(cache, name, new StoredFile(blob.Name, size));
        return (201, "stored");
    }

    private void Save(NamedCache cache, PathInfo info, StoredNar nar)
    {
        var signed = caches.Key(cache).Sign(info, cache.Directory);
        var text = NarInfoText.Write(new NarInfo(signed, nar.Url, CompressionMethod.Zstd.Name(), nar.FileHash, nar.FileSize), cache.Directory);
        var path = new StoredPath(info.Path, text, nar.Id, caches.Time.GetUtcNow());
        caches.Metadata.SavePath(cache, path, info.OtherReferences.Select(r => r.Digest));
        caches.Forget(cache, path);
    }

    private async Task Work(Exchange exchange, Func<(int Status, string Text)> work)
    {
        await _places.WaitAsync(exchange.Aborted).ConfigureAwait(false);
        try
        {
            // On a thread that may wait: reading, compressing and writing to disk are synchronous.
            var (status, text) = await Task.Run(work).ConfigureAwait(false);
            await exchange.Send(status, text).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private static Stream OpenBody(Exchange exchange) => UploadName.MethodOfEncoding(exchange.Header("Content-Encoding")) is { } method
        ? CompressedStream.OpenRead(exchange.Upload, method, leaveOpen: true)
        : throw new InvalidDataException("it is encoded by a method that is not known here");

    private static string ReadText(Exchange exchange)
    {
        using var plain = OpenBody(exchange);
        var text = new byte[16 * 1024];
        var filled = 0;
        for (int count; (count = plain.Read(text, filled, text.Length - filled)) > 0;)
        {
            filled += count;
            if (filled == text.Length)
            {
                Array.Resize(ref text, text.Length < MaxText ? text.Length * 2 : throw new InvalidDataException($"it has more than {MaxText} bytes"));
            }
        }

        return Encoding.UTF8.GetString(text, 0, filled);
    }

    private static IEnumerable<string> ReadLines(Exchange exchange, int limit)
    {
        using var reader = new StreamReader(exchange.Upload, Encoding.ASCII, leaveOpen: true);
        for (var count = 0; reader.ReadLine() is { } line; count++)
        {
            yield return count < limit ? line : throw new InvalidDataException($"it has more than {limit} lines");
        }
    }
}
