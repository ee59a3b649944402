using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>Shows all as another log does, but errors as JSON: <c>--error-format json</c>.</summary>
internal sealed class JsonErrorsLog(IDiagnosticLog log, Stream error) : IDiagnosticLog
{
    public bool Shows(Verbosity level) => log.Shows(level);

    public void Write(Verbosity level, string message) => log.Write(level, message);

    public void Write(Diagnostic diagnostic, bool showsTrace)
    {
        try
        {
            error.Write(DiagnosticJson.Write(diagnostic));
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    }

    public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields) =>
        log.Start(level, kind, text, parent, fields);

    public void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields) => log.Report(activity, what, fields);

    public void Stop(ulong activity) => log.Stop(activity);

    public void Dispose() => log.Dispose();
}
