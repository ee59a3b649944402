using Firn.Evaluation.Explaining;
using Firn.Evaluation.Host;

namespace Firn.Evaluation;

/// <summary>Calling the debugger where evaluation stops.</summary>
public sealed partial class Evaluator
{
    private Exception? _shown;

    /// <summary>Who looks around where evaluation stops; null when nobody does.</summary>
    public IDebugger? Debugger { get; set; }

    /// <summary>Shows a failure to the debugger, once; always false.</summary>
    /// <remarks>
    /// For exception filters, which run where the failure was thrown, before anything is unwound: what was going on still is.
    /// </remarks>
    public bool Shows(Exception failure) => Shows(failure, isCaught: false);

    /// <summary>Shows a failure that <c>tryEval</c> answers, unless the settings say otherwise; always true.</summary>
    internal bool ShowsCaught(EvaluationException failure)
    {
        if (!Settings.IgnoreTry)
        {
            Shows(failure, isCaught: true);
        }

        return true;
    }

    /// <summary>Stops where nothing failed; a debugger that ends the evaluation there ends it with the reason as its message.</summary>
    internal void StopAt(string reason)
    {
        if (Debugger is not null)
        {
            var place = Error(EvaluationErrors.Abort, CallPosition(), reason.Length > 0 ? reason : "evaluation was stopped");
            if (Ask(new DebuggerStop(this, null, reason, false, () => DebuggerFrames.Of(place.Failure))) == DebuggerAnswer.Quit)
            {
                _shown = place;
                throw place;
            }
        }
    }

    private bool Shows(Exception failure, bool isCaught)
    {
        if (Debugger is not null && failure is EvaluationException evaluation && !ReferenceEquals(_shown, failure))
        {
            _shown = failure;
            if (Ask(new DebuggerStop(this, evaluation, "", isCaught, () => DebuggerFrames.Of(evaluation.Failure))) == DebuggerAnswer.Quit)
            {
                Debugger = null;
            }
        }

        return false;
    }

    private DebuggerAnswer Ask(DebuggerStop stop)
    {
        // What is evaluated while somebody looks around does not count as a step.
        StepAtNextCall(false);
        var depth = Depth;
        var answer = Debugger!.Stop(stop);
        Unwind(depth);
        StepAtNextCall(answer == DebuggerAnswer.Step);
        return answer;
    }
}
