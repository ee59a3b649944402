using Firn.Model.Diagnostics;

namespace Firn.Daemon.Serving;

/// <summary>Passes on errors and what builders print, and nothing else: all that a client of the older protocol wants to see.</summary>
public sealed class QuietLog(IActivityLog log) : IActivityLog
{
    public bool Shows(Verbosity level) => level == Verbosity.Error;

    public void Write(Verbosity level, string message)
    {
        if (Shows(level))
        {
            log.Write(level, message);
        }
    }

    public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields) =>
        log.Start(level, kind, "", parent, fields);

    public void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields)
    {
        if (what is ActivityEvent.BuildLogLine or ActivityEvent.PostBuildLogLine)
        {
            log.Report(activity, what, fields);
        }
    }

    public void Stop(ulong activity) => log.Stop(activity);
}
