using System.Text;
using Firn.Evaluation;
using Firn.Evaluation.Host;
using Firn.Model.Diagnostics;

namespace Firn.Sessions.Profiling;

/// <summary>What the settings want to know about the calls of an evaluation.</summary>
internal sealed class CallObservation
{
    private readonly EvaluationSettings _settings;
    private readonly CallProfile? _profile;

    /// <exception cref="SessionException">The settings ask for a kind of profile that there is not, or for two things at once.</exception>
    public CallObservation(EvaluationSettings settings, IMessageLog log)
    {
        _settings = settings;
        _profile = settings.EvalProfiler switch
        {
            "disabled" => null,
            "flamegraph" => new CallProfile(settings.EvalProfilerFrequency),
            var other => throw new SessionException(
                SessionErrors.BadSetting, $"there is no evaluation profiler '{other}': eval-profiler can be disabled or flamegraph"),
        };
        if (_profile is not null && settings.TraceFunctionCalls)
        {
            throw new SessionException(SessionErrors.BadSetting, "eval-profiler and trace-function-calls cannot both be on: the trace would be most of what the profile shows");
        }

        Observer = settings.TraceFunctionCalls ? new CallTrace(line => log.Write(Verbosity.Error, line)) : _profile;
    }

    /// <summary>Who is told of calls; null when nobody wants to know.</summary>
    public ICallObserver? Observer { get; }

    /// <summary>Writes the profile: as SVG when the file's name ends so, else as the lines that flame graph tools read.</summary>
    public void Finish()
    {
        if (_profile is null)
        {
            return;
        }

        var text = _settings.EvalProfileFile.EndsWith(".svg", StringComparison.Ordinal)
            ? FlameGraph.Draw(_profile.Counts)
            : _profile.ToFoldedStacks();
        using var file = new FileStream(_settings.EvalProfileFile, FileMode.OpenOrCreate, FileAccess.Write);
        if (file.CanSeek)
        {
            file.SetLength(0);
        }

        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
