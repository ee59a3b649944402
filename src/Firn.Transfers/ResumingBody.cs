using Firn.Archive.Compression;

namespace Firn.Transfers;

/// <summary>The body of an answer; where the connection breaks it goes on over another, from the byte that it has come to.</summary>
/// <remarks>
/// A server that cannot begin in the middle is asked for all of it, and what is known already is passed over. That it
/// is the same file is for the reader to find out, who knows its hash; a tag that differs tells before.
/// </remarks>
internal sealed class ResumingBody(
    HttpAnswer answer, TransferProgress progress, SpeedLimit limit, Func<TransferProblem, long, HttpAnswer> reopen) : ReadOnlyStream
{
    private readonly string _tag = answer.ETag;
    private readonly long? _length = answer.Length;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private HttpAnswer _answer = answer;
    private int _start, _end;
    private long _position;
    private bool _isOver;

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !_isOver)
        {
            (_start, _end) = (0, Fill());
            _isOver = _end == 0;
            _position += _end;
            progress.Report(_position, _length ?? 0);
            limit.Spend(_end);
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _answer.Dispose();
            progress.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Fill()
    {
        while (true)
        {
            try
            {
                return _answer.Read(_buffer);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                Reopen(HttpExchange.Describe(e) with { Failure = TransferFailure.Broken });
            }
        }
    }

    private void Reopen(TransferProblem problem)
    {
        _answer.Dispose();
        _answer = reopen(problem, _position);
        if (_answer.ETag != _tag)
        {
            throw new TransferException(TransferFailure.Broken, $"'{UrlRedaction.Redact(_answer.Urls[^1])}' has changed while it was downloaded");
        }

        for (var left = _answer.IsPartial ? 0 : _position; left > 0;)
        {
            int count;
            try
            {
                count = _answer.Read(_buffer.AsMemory(0, (int)Math.Min(left, _buffer.Length)));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                throw new TransferException(
                    TransferFailure.Broken, $"'{UrlRedaction.Redact(_answer.Urls[^1])}' breaks off again and again: {e.Message}");
            }

            if (count == 0)
            {
                throw new TransferException(TransferFailure.Broken, $"'{UrlRedaction.Redact(_answer.Urls[^1])}' has become shorter while it was downloaded");
            }

            left -= count;
        }
    }
}
