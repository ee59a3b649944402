using System.Collections.Concurrent;
using System.Text;
using Firn.Building.Logs;
using Firn.Model.Diagnostics;

namespace Firn.Building.Remote;

/// <summary>Takes what another machine tells of a build for us: what its builder prints becomes the log of our build.</summary>
internal sealed class RemoteLog(IActivityLog log, ulong activity, LogFile? file) : IActivityLog
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<ulong, bool> _builds = new();

    public bool Shows(Verbosity level) => log.Shows(level);

    public void Write(Verbosity level, string message) => log.Write(level, message);

    public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields)
    {
        // That it builds is told already, with where.
        var id = log.Start(kind == ActivityKind.Build ? Verbosity.Vomit : level, kind == ActivityKind.Build ? ActivityKind.Unknown : kind, text, activity, fields);
        if (kind == ActivityKind.Build)
        {
            _builds[id] = true;
        }

        return id;
    }

    public void Report(ulong id, ActivityEvent what, params ReadOnlySpan<ActivityField> fields)
    {
        if (!_builds.ContainsKey(id))
        {
            log.Report(id, what, fields);
            return;
        }

        if (what == ActivityEvent.BuildLogLine && fields.Length > 0)
        {
            AddLine(fields[0].Text ?? "");
        }
        else
        {
            log.Report(activity, what, fields);
        }
    }

    public void Stop(ulong id)
    {
        _builds.TryRemove(id, out _);
        log.Stop(id);
    }

    /// <summary>Takes a line that the builder printed.</summary>
    public void AddLine(string line)
    {
        lock (_lock)
        {
            file?.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }

        log.Report(activity, ActivityEvent.BuildLogLine, line);
    }
}
