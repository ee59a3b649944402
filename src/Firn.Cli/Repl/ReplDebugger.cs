using Firn.Cli.Repl.Lines;
using Firn.Evaluation.Host;
using Firn.Evaluation.Prompting;
using Firn.Evaluation.Values;
using Firn.Sessions;

namespace Firn.Cli.Repl;

/// <summary>Opens a prompt wherever evaluation stops, with the variables that are in sight there.</summary>
/// <param name="session">The settings and the store.</param>
/// <param name="output">Where results go.</param>
/// <param name="evaluation">Who evaluates.</param>
internal sealed class ReplDebugger(Session session, Output output, EvaluationSession evaluation) : IDebugger
{
    private bool _isInside;
    private ReplCompletion? _completion;

    /// <summary>Where lines come from; one source for all stops, so that nothing typed ahead is lost between them.</summary>
    public ILineSource? Lines { get; set; }

    /// <summary>Whether somebody was greeted already.</summary>
    public bool HasGreeted { get; set; }

    public DebuggerAnswer Stop(DebuggerStop stop)
    {
        // What fails while somebody looks around is shown, and no reason to look around there.
        if (_isInside)
        {
            return DebuggerAnswer.Continue;
        }

        _isInside = true;
        try
        {
            return Ask(stop);
        }
        finally
        {
            _isInside = false;
        }
    }

    private DebuggerAnswer Ask(DebuggerStop stop)
    {
        var shown = ReplParts.MakeOutput(session, output);
        Announce(stop, shown);
        var scope = new PromptScope(stop.Evaluator, Environment.CurrentDirectory);
        var debugging = new ReplDebugging(scope, shown, stop);
        debugging.LoadScopes();
        var variables = new ReplVariables(scope, shown, () => AttributeSet.Empty, reference => ReplCommand.LoadFlake(session, stop.Evaluator, reference), () => []);
        var loop = new ReplLoop(session, scope, shown, variables, new ReplBuilds(session, scope, evaluation.Flush, shown), debugging.Commands);

        _completion = new ReplCompletion(scope, loop.CommandNames);
        Lines ??= ReplParts.MakeLines(session, output, scope.Evaluator, before => _completion.Find(before));
        var answer = loop.Run(Lines) == ReplStep.Quit ? DebuggerAnswer.Quit : debugging.WantsStep ? DebuggerAnswer.Step : DebuggerAnswer.Continue;
        session.ForgetInterruption();
        return answer;
    }

    private void Announce(DebuggerStop stop, ReplOutput shown)
    {
        if (stop.Failure is { } failure)
        {
            shown.Error(failure.Diagnostic);
            shown.Notice(stop.IsCaught ? "\nThis exception occurred in a 'tryEval' call. Use --ignore-try to skip these.\n" : "");
        }
        else if (stop.Reason.Length > 0)
        {
            shown.Notice($"info: {stop.Reason}\n");
        }

        if (!HasGreeted)
        {
            shown.Notice($"{ReplParts.Name} debugger\nType :? for help.");
            HasGreeted = true;
        }
    }
}
