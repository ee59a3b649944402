using Firn.CacheServer.Transport;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Win32.SafeHandles;

namespace Firn.CacheServer.Http;

/// <summary>One request and its response.</summary>
internal sealed class Exchange(IFeatureCollection features)
{
    private readonly IHttpRequestFeature _request = features.Get<IHttpRequestFeature>()!;
    private readonly IHttpResponseFeature _response = features.Get<IHttpResponseFeature>()!;
    private readonly IHttpResponseBodyFeature _body = features.Get<IHttpResponseBodyFeature>()!;

    public string Method => _request.Method;

    public bool IsHead => Method == "HEAD";

    /// <summary>Whether something is read only.</summary>
    public bool IsRead => Method is "GET" or "HEAD";

    /// <summary>The target as it stands on the request's first line.</summary>
    public string Target => _request.RawTarget;

    /// <summary>What is uploaded; reads block.</summary>
    public Stream Upload => _request.Body;

    public CancellationToken Aborted => features.Get<IHttpRequestLifetimeFeature>()?.RequestAborted ?? CancellationToken.None;

    public bool HasStarted => _response.HasStarted;

    public Microsoft.AspNetCore.Http.IHeaderDictionary Headers => _response.Headers;

    public int Status
    {
        get => _response.StatusCode;
        set => _response.StatusCode = value;
    }

    /// <summary>Returns a header of the request, or null.</summary>
    public string? Header(string name) => _request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>Lets a body of any size come.</summary>
    public void LiftSizeLimit()
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    /// <summary>Sends a whole response of bytes that are there.</summary>
    public async Task Send(ReadOnlyMemory<byte> content, string type)
    {
        Headers.ContentType = type;
        Headers.ContentLength = content.Length;
        if (!IsHead)
        {
            await _body.Writer.WriteAsync(content).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a few words.</summary>
    public Task Send(int status, string text)
    {
        Status = status;
        return Send(System.Text.Encoding.UTF8.GetBytes(text + "\n"), "text/plain; charset=utf-8");
    }

    /// <summary>Sends bytes that a stream gives; their number is not told before.</summary>
    public async Task SendStream(Stream content)
    {
        if (IsHead)
        {
            return;
        }

        while (true)
        {
            var count = content.Read(_body.Writer.GetSpan(64 * 1024));
            if (count == 0)
            {
                return;
            }

            _body.Writer.Advance(count);
            if ((await _body.Writer.FlushAsync().ConfigureAwait(false)).IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Sends a stretch of a blob, by the kernel where it is a file and worth it; the header must tell the length.</summary>
    /// <returns>Whether there is somebody left to send more to.</returns>
    public async Task<bool> SendBlob(Blobs.IBlob blob, long offset, long count)
    {
        const int Worthwhile = 64 * 1024;
        return count >= Worthwhile && blob.File is { } file && features.Get<SocketOutput>() is { } output
            ? await SendFile(output, file, offset, count).ConfigureAwait(false)
            : await SendCopied(blob, offset, count).ConfigureAwait(false);
    }

    /// <summary>Ends the connection: what was sent is not what was promised.</summary>
    public void Abort() => features.Get<IHttpRequestLifetimeFeature>()?.Abort();

    private async Task<bool> SendFile(SocketOutput output, SafeFileHandle file, long offset, long count)
    {
        // Starting puts the headers into the buffer; behind them the file's bytes are counted.
        await _body.StartAsync().ConfigureAwait(false);
        output.BeginFile(file, offset);
        try
        {
            // In steps, so that a slow client is noticed by the server's clock.
            const int Step = 8 << 20;
            for (var left = count; left > 0;)
            {
                for (var stretch = Math.Min(left, Step); stretch > 0;)
                {
                    var length = (int)Math.Min(stretch, _body.Writer.GetMemory(1).Length);
                    _body.Writer.Advance(length);
                    stretch -= length;
                    left -= length;
                }

                if ((await _body.Writer.FlushAsync().ConfigureAwait(false)).IsCompleted)
                {
                    return false;
                }

                if (left > 0)
                {
                    // Others wait for this thread, and a fast client could keep it for as long as it likes.
                    await Task.Yield();
                }
            }

            return true;
        }
        finally
        {
            output.EndFile();
        }
    }

    private async Task<bool> SendCopied(Blobs.IBlob blob, long offset, long count)
    {
        while (count > 0)
        {
            var memory = _body.Writer.GetMemory((int)Math.Min(count, 64 * 1024));
            var read = blob.Read(memory.Span[..(int)Math.Min(memory.Length, count)], offset);
            if (read == 0)
            {
                throw new EndOfStreamException("a blob is shorter than what is to be sent of it");
            }

            _body.Writer.Advance(read);
            (offset, count) = (offset + read, count - read);
            if ((await _body.Writer.FlushAsync().ConfigureAwait(false)).IsCompleted)
            {
                return false;
            }
        }

        return true;
    }
}
