using Firn.Archive.Compression;
using Firn.Model.Diagnostics;

namespace Firn.Transfers;

/// <summary>Tells the log how far a transfer is, not more often than somebody can see.</summary>
internal sealed class TransferProgress : IDisposable
{
    private const int MinPause = 50;

    private readonly IActivityLog _log;
    private readonly ulong _activity;
    private long _last;
    private long _done;
    private long _expected;
    private int _isOver;

    private TransferProgress(IActivityLog log, ulong activity) => (_log, _activity) = (log, activity);

    internal static TransferProgress Start(IActivityLog log, TransferRequest request, string doing)
    {
        var url = UrlRedaction.Redact(request.Uri.ToString());
        var level = request.IsShown ? Verbosity.Talkative : Verbosity.Debug;
        return new(log, log.Start(level, ActivityKind.FileTransfer, $"{doing} '{url}'", 0, url));
    }

    internal void Report(long done, long expected)
    {
        (_done, _expected) = (done, expected);
        var now = Environment.TickCount64;
        if (now - _last >= MinPause)
        {
            _last = now;
            Tell();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            Tell();
            _log.Stop(_activity);
        }
    }

    private void Tell() => _log.Report(_activity, ActivityEvent.Progress, _done, _expected, 0, 0);
}

/// <summary>Tells how much was read from another stream, each time that is more.</summary>
internal sealed class CountingStream(Stream inner, Action<long> tell) : ReadOnlyStream
{
    private long _position;

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        _position += count;
        tell(_position);
        return count;
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
