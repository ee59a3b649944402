using System.Text;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>On a terminal: messages scroll by, and below them stands what goes on right now, how far it is and since when.</summary>
internal sealed class LiveLog : PlainLog
{
    private const int MaxRows = 8;
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _slow = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<ulong, Running> _running = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly TransferMeter _transfers;
    private Counts _builds;
    private int _drawn;
    private bool _isOver;

    public LiveLog(Stream error, Verbosity verbosity, bool showsBuildLogs, Ansi ansi, TimeProvider time)
        : base(error, verbosity, showsBuildLogs, namesBuilds: true, ansi)
    {
        _time = time;
        _transfers = new TransferMeter(time);
        _timer = time.CreateTimer(_ => Redraw(), null, _period, _period);
    }

    public override ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields)
    {
        // What is seen below as it happens need not be said as well.
        var id = base.Start(kind == ActivityKind.Build ? Verbosity.Vomit : level, kind, text, parent, fields);
        lock (Lock)
        {
            if (kind == ActivityKind.FileTransfer)
            {
                _transfers.Start(id);
            }

            // Transfers are added up in the last line, and small ones are over before anybody has read what they were.
            var shown = kind == ActivityKind.Build ? NameOf(id) : kind == ActivityKind.FileTransfer && level > Verbosity.Talkative ? "" : text;
            _running[id] = new Running(kind, shown, _time.GetTimestamp());
        }

        return id;
    }

    public override void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields)
    {
        lock (Lock)
        {
            if (what == ActivityEvent.SetExpected && fields.Length >= 2 && fields[0].Number == (long)ActivityKind.FileTransfer)
            {
                _transfers.Announce(fields[1].Number);
            }

            if (_running.TryGetValue(activity, out var running))
            {
                switch (what)
                {
                    case ActivityEvent.BuildLogLine:
                        running.LastLine = Ansi.Strip(fields[0].Text ?? "").Trim();
                        break;
                    case ActivityEvent.SetPhase:
                        running.Phase = fields[0].Text ?? "";
                        break;
                    case ActivityEvent.Progress when fields.Length >= 4:
                        _transfers.Report(activity, fields[0].Number, fields[1].Number);
                        running.Counts = new Counts(fields[0].Number, fields[1].Number, fields[2].Number, fields[3].Number);
                        if (running.Kind == ActivityKind.Builds)
                        {
                            _builds = running.Counts;
                        }

                        break;
                }
            }
        }

        base.Report(activity, what, fields);
    }

    public override void Stop(ulong activity)
    {
        lock (Lock)
        {
            _running.Remove(activity);
            _transfers.Stop(activity);
        }

        base.Stop(activity);
    }

    public override void Dispose()
    {
        _timer.Dispose();
        lock (Lock)
        {
            _isOver = true;
            WriteBytes(Encoding.UTF8.GetBytes(Erase()));
        }

        base.Dispose();
    }

    protected override void WriteLine(string line)
    {
        lock (Lock)
        {
            WriteBytes(Encoding.UTF8.GetBytes($"{Erase()}{line}\e[0m\n{Draw()}"));
        }
    }

    private void Redraw()
    {
        lock (Lock)
        {
            if (!_isOver && (_drawn > 0 || _running.Count > 0))
            {
                WriteBytes(Encoding.UTF8.GetBytes(Erase() + Draw()));
            }
        }
    }

    /// <summary>Takes the lines below away again.</summary>
    private string Erase()
    {
        var text = _drawn == 0 ? "" : $"\e[{_drawn}F\e[J";
        _drawn = 0;
        return text;
    }

    private string Draw()
    {
        var now = _time.GetTimestamp();
        var shown = _running.Values
            .Where(r => r.Text.Length > 0 && _time.GetElapsedTime(r.Since, now) > (r.Kind == ActivityKind.Build ? TimeSpan.Zero : _slow))
            .OrderBy(r => r.Since).ToList();
        var transfers = _transfers.Describe();
        if ((shown.Count == 0 && transfers.Length == 0) || _isOver)
        {
            return "";
        }

        var width = Math.Max(20, Console.WindowWidth) - 1;
        var text = new StringBuilder();
        foreach (var running in shown.Take(MaxRows))
        {
            var seconds = _time.GetElapsedTime(running.Since, now).TotalSeconds;
            var head = $"  {running.Text}{(running.Phase.Length > 0 ? $" ({running.Phase})" : "")}{Progress(running.Counts)} {Duration(seconds)}";
            head = head.Length > width ? head[..width] : head;
            var room = width - head.Length - 2;
            var last = room > 10 && running.LastLine.Length > 0 ? "  " + Ansi.Faint(running.LastLine[..Math.Min(room, running.LastLine.Length)]) : "";
            text.Append(head).Append(last).Append('\n');
            _drawn++;
        }

        if (shown.Count > MaxRows)
        {
            text.Append($"  … and {shown.Count - MaxRows} more\n");
            _drawn++;
        }

        var builds = _builds.Expected > 0
            ? $"{_builds.Done}/{_builds.Expected} built{(_builds.Failed > 0 ? $", {_builds.Failed} failed" : "")}, {_builds.Running} running"
            : "";
        if (builds.Length > 0 || transfers.Length > 0)
        {
            text.Append(Ansi.Bold($"[{builds}{(builds.Length > 0 && transfers.Length > 0 ? "; " : "")}{transfers}]")).Append('\n');
            _drawn++;
        }

        return text.ToString();
    }

    private static string Progress(Counts counts) => counts.Expected > 0 ? $" {counts.Done * 100 / counts.Expected}%" : "";

    private static string Duration(double seconds) => seconds switch
    {
        < 1 => "",
        < 60 => $"{(int)seconds}s",
        < 3600 => $"{(int)seconds / 60}m{(int)seconds % 60:00}s",
        _ => $"{(int)seconds / 3600}h{(int)seconds / 60 % 60:00}m",
    };

    private sealed class Running(ActivityKind kind, string text, long since)
    {
        public ActivityKind Kind { get; } = kind;

        public string Text { get; } = text;

        public long Since { get; } = since;

        public string Phase { get; set; } = "";

        public string LastLine { get; set; } = "";

        public Counts Counts { get; set; }
    }

    private readonly record struct Counts(long Done, long Expected, long Running, long Failed);
}
