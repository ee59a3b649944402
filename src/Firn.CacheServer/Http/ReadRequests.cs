using System.Globalization;
using System.Text;
using Firn.Archive.Compression;
using Firn.CacheServer.Blobs;
using Firn.CacheServer.Ingesting;
using Firn.CacheServer.Metadata;
using Firn.Platform.Linux;

namespace Firn.CacheServer.Http;

/// <summary>Answers those who fetch.</summary>
internal sealed class ReadRequests(ServedCaches caches)
{
    private const string Unchanging = "max-age=31536000, immutable";

    public Task CacheInfo(Exchange exchange, NamedCache cache)
    {
        var text = $"StoreDir: {cache.Directory.Path}\nWantMassQuery: 1\nPriority: {cache.Priority.ToString(CultureInfo.InvariantCulture)}\n";
        return exchange.Send(Encoding.UTF8.GetBytes(text), "text/x-nix-cache-info");
    }

    public Task NarInfo(Exchange exchange, NamedCache cache, string digest)
    {
        var answer = caches.FindNarInfo(cache, digest);
        if (answer.IsMissing)
        {
            caches.Meter(cache).Miss();
            return NotFound(exchange);
        }

        caches.Meter(cache).Hit(digest);
        return IsUnchanged(exchange, answer.Tag) ? NotModified(exchange) : exchange.Send(answer.Content, "text/x-nix-narinfo");
    }

    public Task Listing(Exchange exchange, NamedCache cache, string digest) =>
        caches.Metadata.FindPath(cache, digest) is { } path && caches.Metadata.GetNar(path.NarId)?.Listing is { } listing
            ? SendCompressed(exchange, listing, "application/json")
            : NotFound(exchange);

    public Task Extra(Exchange exchange, NamedCache cache, string name) => caches.Metadata.FindFile(cache, name) is { } file
        ? SendCompressed(exchange, file.Blob, name.StartsWith("log/", StringComparison.Ordinal) ? "text/plain; charset=utf-8" : "application/json")
        : NotFound(exchange);

    public Task Realisation(Exchange exchange, NamedCache cache, string id) => caches.Metadata.FindRealisation(cache, id) is { } text
        ? exchange.Send(Encoding.UTF8.GetBytes(text), "application/json")
        : NotFound(exchange);

    public async Task Nar(Exchange exchange, NamedCache cache, string file)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (caches.FindNar(cache, file) is not { } found)
            {
                await Upload(exchange, cache, file).ConfigureAwait(false);
                return;
            }

            if (await TrySend(exchange, cache, found).ConfigureAwait(false))
            {
                return;
            }

            if (attempt == 1)
            {
                await exchange.Send(500, "the server has lost this archive").ConfigureAwait(false);
                return;
            }

            // Another process moved it: what is remembered of where it is does not hold any more.
            caches.Clear();
        }
    }

    private async Task<bool> TrySend(Exchange exchange, NamedCache cache, ServedNar served)
    {
        var length = served.Nar.FileSize;
        if (IsUnchanged(exchange, served.Tag))
        {
            await NotModified(exchange).ConfigureAwait(false);
            return true;
        }

        exchange.Headers.AcceptRanges = "bytes";
        exchange.Headers.CacheControl = $"{(cache.IsPublic ? "public" : "private")}, {Unchanging}";
        var wanted = Preconditions.AllowsPart(exchange.Header("If-Range"), served.Tag) ? ByteRange.Parse(exchange.Header("Range"), length) : new ByteRange.Whole();
        if (wanted is ByteRange.OutOfBounds)
        {
            exchange.Headers.ContentRange = $"bytes */{length}";
            await exchange.Send(416, "there are no such bytes").ConfigureAwait(false);
            return true;
        }

        var part = wanted as ByteRange.Part;
        var (first, count) = part is null ? (0, length) : (part.First, part.Count);
        var stretches = ServedNar.Slice(served.Stretches, first, count).ToList();
        // The first is opened before anything is promised.
        using var opened = new LentBlob(caches.OpenBlobs);
        if (!exchange.IsHead && stretches.Count > 0 && await opened.Find(stretches[0]).ConfigureAwait(false) is null)
        {
            return false;
        }

        exchange.Headers.ContentType = "application/x-nix-nar";
        exchange.Headers.ContentLength = count;
        if (part is not null)
        {
            exchange.Status = 206;
            exchange.Headers.ContentRange = $"bytes {first}-{first + count - 1}/{length}";
        }

        if (exchange.IsHead)
        {
            return true;
        }

        caches.Meter(cache).Sent(served.Digests, count);
        foreach (var stretch in stretches)
        {
            var blob = await opened.Find(stretch).ConfigureAwait(false) ?? throw new CacheServerException(CacheServerErrors.Damaged, $"the cache's storage has lost '{stretch.Blob}'");
            if (!await exchange.SendBlob(blob, stretch.Offset, stretch.Length).ConfigureAwait(false))
            {
                break;
            }
        }

        return true;
    }

    // A client that pushed remembers the name that it gave the file, and how it had compressed it.
    private async Task Upload(Exchange exchange, NamedCache cache, string file)
    {
        if (caches.Metadata.FindUpload(cache, file) is not { } nar || UploadName.MethodOf(file) is not { } method)
        {
            await NotFound(exchange).ConfigureAwait(false);
            return;
        }

        exchange.Headers.ContentType = "application/x-nix-nar";
        if (exchange.IsHead)
        {
            return;
        }

        using var plain = new ChunkReader(caches.Blobs, caches.Metadata.ListChunks(nar));
        if (method == CompressionMethod.None)
        {
            exchange.Headers.ContentLength = nar.NarSize;
            await exchange.SendStream(plain).ConfigureAwait(false);
            return;
        }

        const int Fastest = 1;
        using var compressed = new Store.Copying.PulledNar(output =>
        {
            using var compressor = CompressedStream.OpenWrite(output, method, Fastest, leaveOpen: true);
            plain.CopyTo(compressor);
        });
        await exchange.SendStream(compressed).ConfigureAwait(false);
    }

    private async Task SendCompressed(Exchange exchange, string name, string type)
    {
        using var blob = caches.Blobs.Open(name);
        if (blob is null)
        {
            await NotFound(exchange).ConfigureAwait(false);
            return;
        }

        exchange.Headers.ContentType = type;
        using var plain = CompressedStream.OpenRead(new BlobStream(blob), CompressionMethod.Zstd);
        await exchange.SendStream(plain).ConfigureAwait(false);
    }

    private static Task NotFound(Exchange exchange) => exchange.Send(404, "the cache does not have it");

    private static bool IsUnchanged(Exchange exchange, string tag)
    {
        exchange.Headers.ETag = tag;
        return Preconditions.Names(exchange.Header("If-None-Match"), tag);
    }

    private static Task NotModified(Exchange exchange)
    {
        exchange.Status = 304;
        return Task.CompletedTask;
    }

    /// <summary>Holds the blob that was asked for last.</summary>
    private sealed class LentBlob(OpenBlobs blobs) : IDisposable
    {
        private OpenBlobs.Loan? _loan;
        private string? _name;

        public async ValueTask<IBlob?> Find(Stretch stretch)
        {
            if (_name != stretch.Blob)
            {
                _loan?.Dispose();
                (_name, _loan) = (stretch.Blob, blobs.FindOpen(stretch.Blob));
            }

            if (_loan is not null && IsInMemory(_loan.Blob, stretch))
            {
                return _loan.Blob;
            }

            // A thread that many connections share must not wait for a disk.
            await Task.Yield();
            return (_loan ??= blobs.Find(stretch.Blob))?.Blob;
        }

        public void Dispose() => _loan?.Dispose();

        // Start and end stand for all between: the kernel reads ahead, and forgets whole files.
        private static bool IsInMemory(IBlob blob, Stretch stretch) => blob.File is { } file
            && KernelCopy.IsInMemory(file, stretch.Offset)
            && KernelCopy.IsInMemory(file, stretch.Offset + stretch.Length - 1);
    }
}
