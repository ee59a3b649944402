using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>Shows messages, and activities as they begin, as one line each on standard error.</summary>
/// <param name="error">Standard error.</param>
/// <param name="verbosity">Which messages are shown.</param>
/// <param name="showsBuildLogs">Whether to show what builds print.</param>
/// <param name="namesBuilds">Whether each such line begins with the build's name.</param>
/// <param name="ansi">Whether with colours.</param>
internal class PlainLog(Stream error, Verbosity verbosity, bool showsBuildLogs, bool namesBuilds, Ansi ansi) : IDiagnosticLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, string> _names = [];
    private ulong _next;

    protected Lock Lock => _lock;

    protected Ansi Ansi => ansi;

    protected bool ShowsBuildLogs => showsBuildLogs;

    public bool Shows(Verbosity level) => level <= verbosity;

    public void Write(Verbosity level, string message)
    {
        if (Shows(level))
        {
            WriteLine(level == Verbosity.Warning ? $"{ansi.Warning("warning:")} {message}" : message);
        }
    }

    public void Write(Diagnostic diagnostic, bool showsTrace) => WriteLine(DiagnosticText.Render(diagnostic, showsTrace, ansi));

    public virtual ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields)
    {
        if (text.Length > 0 && Shows(level))
        {
            WriteLine(text + "...");
        }

        var id = Interlocked.Increment(ref _next);
        if (kind == ActivityKind.Build && fields.Length > 0)
        {
            lock (_lock)
            {
                _names[id] = ShortName(fields[0].Text ?? "");
            }
        }

        return id;
    }

    public virtual void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields)
    {
        if (!showsBuildLogs || fields.Length == 0)
        {
            return;
        }

        if (what == ActivityEvent.BuildLogLine)
        {
            WriteLine(namesBuilds ? $"{ansi.Good(NameOf(activity))}> {fields[0].Text}" : fields[0].Text ?? "");
        }
        else if (what == ActivityEvent.PostBuildLogLine)
        {
            WriteLine("post-build-hook: " + fields[0].Text);
        }
    }

    public virtual void Stop(ulong activity)
    {
        lock (_lock)
        {
            _names.Remove(activity);
        }
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The name of the build, without digest and <c>.drv</c>.</summary>
    protected string NameOf(ulong activity)
    {
        lock (_lock)
        {
            return _names.GetValueOrDefault(activity, "");
        }
    }

    protected virtual void WriteLine(string line)
    {
        // A pipe gets no escapes, whatever programs print.
        var bytes = System.Text.Encoding.UTF8.GetBytes((ansi.IsColoured ? line : Ansi.Strip(line)) + "\n");
        lock (_lock)
        {
            WriteBytes(bytes);
        }
    }

    protected void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            error.Write(bytes);
        }
        catch (IOException)
        {
            // Nobody reads any more; the work itself goes on.
        }
    }

    private static string ShortName(string derivation)
    {
        var name = derivation[(derivation.LastIndexOf('/') + 1)..];
        name = name.EndsWith(".drv", StringComparison.Ordinal) ? name[..^4] : name;
        return name.Length > 33 ? name[33..] : name;
    }
}
