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
    private const int BufferSize = 64 * 1024;

    private readonly string _tag = answer.ETag;
    private readonly string _encoding = answer.Encoding;
    private readonly long? _length = answer.Length;
    private byte[] _buffer = [];
    private HttpAnswer _answer = answer;
    private int _start, _end;
    private long _position;
    private bool _isOver;

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !_isOver)
        {
            _buffer = _buffer.Length > 0 ? _buffer : new byte[BufferSize];
            (_start, _end) = (0, Receive(_buffer));
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    // Who reads much at a time has it put where he wants it.
    public override int Read(byte[] buffer, int offset, int count) =>
        _start < _end || count < BufferSize / 2 ? Read(buffer.AsSpan(offset, count))
        : _isOver ? 0
        : Receive(buffer.AsMemory(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _answer.Dispose();
            progress.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Receive(Memory<byte> buffer)
    {
        var count = ReceiveOrReopen(buffer);
        _isOver = count == 0;
        _position += count;
        progress.Report(_position, _length ?? 0);
        limit.Spend(count);
        return count;
    }

    private int ReceiveOrReopen(Memory<byte> buffer)
    {
        while (true)
        {
            try
            {
                return _answer.Read(buffer);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                Reopen(NetworkFailures.DescribeBreak(e, _position, _length));
            }
        }
    }

    private void Reopen(TransferProblem problem)
    {
        _answer.Dispose();
        _answer = reopen(problem, _position);
        if (_answer.ETag != _tag || _answer.Encoding != _encoding)
        {
            throw new TransferException(TransferFailure.Broken, $"'{UrlRedaction.Redact(_answer.Urls[^1])}' has changed while it was downloaded");
        }

        var passedOver = new byte[BufferSize];
        for (var left = _answer.IsPartial ? 0 : _position; left > 0;)
        {
            int count;
            try
            {
                count = _answer.Read(passedOver.AsMemory(0, (int)Math.Min(left, passedOver.Length)));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                throw new TransferException(
                    TransferFailure.Broken, $"'{UrlRedaction.Redact(_answer.Urls[^1])}' breaks off again and again: {NetworkFailures.DescribeBreak(e, _position - left, _length).Message}");
            }

            if (count == 0)
            {
                throw new TransferException(TransferFailure.Broken, $"'{UrlRedaction.Redact(_answer.Urls[^1])}' has become shorter while it was downloaded");
            }

            left -= count;
        }
    }
}
