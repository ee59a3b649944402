using System.Collections.Concurrent;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>Tells two logs everything.</summary>
internal sealed class TeeLog(IDiagnosticLog first, IDiagnosticLog second) : IDiagnosticLog
{
    private readonly ConcurrentDictionary<ulong, ulong> _seconds = new();

    public bool Shows(Verbosity level) => first.Shows(level) || second.Shows(level);

    public void Write(Verbosity level, string message)
    {
        first.Write(level, message);
        second.Write(level, message);
    }

    public void Write(Diagnostic diagnostic, bool showsTrace)
    {
        first.Write(diagnostic, showsTrace);
        second.Write(diagnostic, showsTrace);
    }

    public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields)
    {
        var id = first.Start(level, kind, text, parent, fields);
        _seconds[id] = second.Start(level, kind, text, _seconds.GetValueOrDefault(parent), fields);
        return id;
    }

    public void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields)
    {
        first.Report(activity, what, fields);
        second.Report(_seconds.GetValueOrDefault(activity), what, fields);
    }

    public void Stop(ulong activity)
    {
        first.Stop(activity);
        if (_seconds.TryRemove(activity, out var other))
        {
            second.Stop(other);
        }
    }

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
