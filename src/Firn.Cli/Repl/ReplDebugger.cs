using Firn.Cli.Repl.Lines;
using Firn.Evaluation;
using Firn.Evaluation.Host;
using Firn.Evaluation.Prompting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Repl;

/// <summary>Opens a prompt wherever evaluation stops, with the variables that are in sight there.</summary>
/// <param name="session">The settings and the store.</param>
/// <param name="output">Where results go.</param>
/// <param name="evaluator">Who evaluates.</param>
/// <param name="flush">Writes derivations that evaluation made.</param>
internal sealed class ReplDebugger(Session session, Output output, Func<Evaluator> evaluator, Action flush) : IDebugger
{
    private ILineSource? _lines;
    private bool _isInside;
    private ReplCompletion? _completion;

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
        var scope = new PromptScope(evaluator(), Environment.CurrentDirectory);
        var debugging = new ReplDebugging(scope, shown, stop);
        debugging.LoadScopes();
        var variables = new ReplVariables(scope, shown, () => AttributeSet.Empty, () => []);
        var loop = new ReplLoop(session, scope, shown, variables, new ReplBuilds(session, scope, flush, shown), debugging.Commands);

        // One source of lines for all stops: what is typed ahead or piped in must not be lost between them.
        _completion = new ReplCompletion(scope, loop.CommandNames);
        _lines ??= ReplParts.MakeLines(session, output, scope.Evaluator, before => _completion.Find(before));
        var answer = loop.Run(_lines) == ReplStep.Quit ? DebuggerAnswer.Quit : debugging.WantsStep ? DebuggerAnswer.Step : DebuggerAnswer.Continue;
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
        else
        {
            shown.Notice("info: breakpoint reached\n");
        }

        if (!HasGreeted)
        {
            shown.Notice($"{ReplParts.Name} debugger\nType :? for help.");
            HasGreeted = true;
        }
    }
}
