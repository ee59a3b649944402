using Firn.Archive.Compression;
using Firn.Model.Diagnostics;
using Firn.Transfers;

namespace Firn.Store.BinaryCache.Http;

/// <summary>A binary cache on a server.</summary>
public sealed class HttpCacheFiles : ICacheFiles
{
    private readonly HttpTransfers _transfers;
    private readonly IRequestMaker _requests;
    private readonly BinaryCacheOptions _options;
    private readonly TimeSpan? _patience;
    private readonly CacheHealth? _health;

    /// <param name="uri">How a person knows it.</param>
    /// <param name="requests">Makes the requests for its files.</param>
    /// <param name="transfers">Sends them.</param>
    /// <param name="options">How files are compressed on the way.</param>
    /// <param name="asSubstituter">How long it may take to answer, for one of several; null when it is this very cache that is wanted.</param>
    /// <param name="time">What time it is.</param>
    /// <param name="log">Hears when it is left alone.</param>
    public HttpCacheFiles(
        string uri, IRequestMaker requests, HttpTransfers transfers, BinaryCacheOptions options, TimeSpan? asSubstituter, TimeProvider time, IMessageLog log)
    {
        (Uri, _requests, _transfers, _options, _patience) = (uri, requests, transfers, options, asSubstituter);
        _health = asSubstituter is null ? null : new CacheHealth(uri, time, log);
    }

    public string Uri { get; }

    public bool Exists(string path) => Guard(() => _transfers.Exists(Request(path)));

    public Stream? OpenRead(string path) => Guard(() =>
    {
        try
        {
            return new GuardedBody(_transfers.Get(Request(path) with { IsShown = path.StartsWith("nar/", StringComparison.Ordinal) }).Body, this);
        }
        // Of a cache that does not even tell what it is nothing follows from that: least of all that a new one is to be made there.
        catch (TransferException e) when (e.Failure == TransferFailure.Forbidden && path == CacheInfo.FileName)
        {
            throw new StoreException(
                StoreErrors.Forbidden, e.Message, e, "A private cache wants a login that it knows: a line in the file that 'netrc-file' names, or a token in that of 'bearer-tokens-file'.");
        }
        catch (TransferException e) when (e.Failure is TransferFailure.NotFound or TransferFailure.Forbidden)
        {
            // Servers that do not list what they have say that it is forbidden to see what is not there.
            return (Stream?)null;
        }
    });

    public void Write(string path, CacheFile file)
    {
        var content = new TransferContent(file.Open, file.Length, file.Type);
        if (Encoding(path) is { } method && method != CompressionMethod.None)
        {
            var compressed = Compress(file, method);
            content = new TransferContent(() => new MemoryStream(compressed, writable: false), compressed.Length, file.Type) { Encoding = method.Name() };
        }

        try
        {
            _requests.Upload(_transfers, path, content);
        }
        catch (TransferException e)
        {
            throw new StoreException(StoreErrors.Unreachable, $"{e.Message}\nwhile uploading to the binary cache at '{Uri}'", e);
        }
    }

    /// <summary>Returns nothing: servers do not list their files.</summary>
    public IEnumerable<string> List() =>
        throw new StoreException(StoreErrors.Unsupported, $"binary cache '{Uri}' cannot list what it has");

    private TransferRequest Request(string path)
    {
        var request = _requests.Make(path);
        return _patience is null ? request : request with
        {
            RetriesConnecting = false,
            Patience = path.StartsWith("nar/", StringComparison.Ordinal) ? null : _patience,
        };
    }

    private CompressionMethod? Encoding(string path) =>
        path.EndsWith(".narinfo", StringComparison.Ordinal) ? _options.NarInfoEncoding
        : path.EndsWith(".ls", StringComparison.Ordinal) ? _options.ListingEncoding
        : path.StartsWith("log/", StringComparison.Ordinal) ? _options.LogEncoding
        : null;

    private static byte[] Compress(CacheFile file, CompressionMethod method)
    {
        var result = new MemoryStream();
        using (var compressing = CompressedStream.OpenWrite(result, method, leaveOpen: true))
        {
            using var source = file.Open();
            source.CopyTo(compressing);
        }

        return result.ToArray();
    }

    private T Guard<T>(Func<T> work)
    {
        _health?.Check();
        try
        {
            var result = work();
            _health?.Succeeded();
            return result;
        }
        catch (TransferException e)
        {
            throw _health is null ? new StoreException(StoreErrors.Unreachable, e.Message, e) : _health.Failed(e);
        }
    }

    /// <summary>What is read of a file; a server that breaks off for good is left alone too.</summary>
    private sealed class GuardedBody(Stream inner, HttpCacheFiles owner) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            try
            {
                return inner.Read(buffer);
            }
            catch (TransferException e)
            {
                throw owner._health is null ? new StoreException(StoreErrors.Unreachable, e.Message, e) : owner._health.Failed(e);
            }
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            try
            {
                return inner.Read(buffer, offset, count);
            }
            catch (TransferException e)
            {
                throw owner._health is null ? new StoreException(StoreErrors.Unreachable, e.Message, e) : owner._health.Failed(e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
