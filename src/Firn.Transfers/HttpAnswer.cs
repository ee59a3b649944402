using System.Collections.Immutable;

namespace Firn.Transfers;

/// <summary>One answer of a server, as it came, with the means to read its body no longer than it may stand still.</summary>
internal sealed class HttpAnswer(HttpResponseMessage response, ImmutableArray<string> urls, TimeSpan patience, CancellationToken cancellationToken)
    : IDisposable
{
    private CancellationTokenSource? _impatience;
    private Stream? _body;

    internal bool IsNotModified { get; init; }

    internal string? ImmutableUrl { get; init; }

    internal ImmutableArray<string> Urls => urls;

    /// <summary>Whether the body begins where was asked for and not at its start.</summary>
    internal bool IsPartial { get; init; }

    internal string ETag => response.Headers.ETag?.ToString() ?? "";

    internal string Encoding => string.Join(", ", response.Content.Headers.ContentEncoding);

    internal long? Length => response.Content.Headers.ContentLength;

    internal Stream Body => _body ??= response.Content.ReadAsStream(cancellationToken);

    /// <summary>Reads what has come, and waits for it if nothing has.</summary>
    /// <exception cref="IOException">The connection breaks.</exception>
    /// <exception cref="TimeoutException">Nothing comes for too long.</exception>
    internal int Read(Memory<byte> buffer)
    {
        // One that has fired cannot be used again.
        if (_impatience is null || !_impatience.TryReset())
        {
            _impatience?.Dispose();
            _impatience = new CancellationTokenSource();
        }

        if (patience > TimeSpan.Zero)
        {
            _impatience.CancelAfter(patience);
        }

        try
        {
            using var both = cancellationToken.CanBeCanceled
                ? CancellationTokenSource.CreateLinkedTokenSource(_impatience.Token, cancellationToken)
                : null;
            var reading = Body.ReadAsync(buffer, both?.Token ?? _impatience.Token);
            return reading.IsCompletedSuccessfully ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the server has sent nothing for {patience.TotalSeconds:0.#} seconds");
        }
    }

    public void Dispose()
    {
        _impatience?.Dispose();
        response.Dispose();
    }
}
