using Firn.Cli.Commands;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Prompting;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Repl;

/// <summary><c>nix repl</c>: a prompt at which expressions are evaluated.</summary>
internal sealed class ReplCommand : Command
{
    private readonly ExpressionOptions _expressions = new();
    private readonly List<string> _installables = [];

    public override string Summary => "start an interactive environment for evaluating Nix expressions";

    public override string Examples => """
        # Try expressions; :? tells what else the prompt understands:
        $ nix repl
        # With the attributes of a file as variables:
        $ nix repl --file ./default.nix
        # With those of a part of it:
        $ nix repl --file ./default.nix lib
        """;

    public override string Details =>
        "Type an expression to see its value, or NAME = EXPRESSION to give it a name. An expression may go on over several lines.";

    public override void SetDefaults(CommonOptions options) => options.Set("pure-eval", "false");

    public override void Declare(Grammar grammar)
    {
        _expressions.Declare(grammar);
        grammar.Rest("installables", _installables.Add);
    }

    public override int Run(Session session, Output output)
    {
        _expressions.Check();
        var evaluation = _expressions.Evaluation.Open(session, isReadOnly: false);
        return evaluation.Run(eval =>
        {
            var scope = new PromptScope(eval, Environment.CurrentDirectory);
            var shown = ReplParts.MakeOutput(session, output);
            var arguments = new Lazy<AttributeSet>(() => _expressions.Evaluation.Build(eval));
            var variables = new ReplVariables(scope, shown, () => arguments.Value, () => Values(session, scope, arguments.Value));
            var debugger = eval.Debugger as ReplDebugger;
            var debugging = debugger is null ? [] : new ReplDebugging(scope, shown, stop: null).Commands;
            var repl = new ReplLoop(session, scope, shown, variables, new ReplBuilds(session, scope, evaluation.Flush, shown), debugging);
            shown.Notice($"{ReplParts.Name}{(debugger is null ? "" : " debugger")}\nType :? for help.");
            var lines = ReplParts.MakeLines(session, output, eval, new ReplCompletion(scope, repl.CommandNames).Find);
            if (debugger is not null)
            {
                (debugger.Lines, debugger.HasGreeted) = (lines, true);
            }

            // Listening to Ctrl-C begins here; what cannot be loaded ends the program all the same.
            using (session.Cancellation.Register(eval.Interrupt))
            {
                variables.LoadAll();
            }

            repl.Run(lines);
            return 0;
        });
    }

    private IEnumerable<(Value Value, string What)> Values(Session session, PromptScope scope, AttributeSet arguments)
    {
        if (!_expressions.IsGiven)
        {
            foreach (var installable in _installables)
            {
                throw NoFlake(session, installable);
            }

            yield break;
        }

        foreach (var path in _installables.Count == 0 ? ["."] : _installables)
        {
            var what = path == "." ? "" : path;
            yield return (scope.Attempt(() => Find(scope.Evaluator, what, arguments)), what);
        }
    }

    private Value Find(Evaluator eval, string path, AttributeSet arguments)
    {
        var (value, _) = SelectionPath.Find(eval, path, arguments, _expressions.Load(eval));
        return _expressions.File is null ? value : AutomaticCall.Apply(eval, arguments, value);
    }

    private static UsageException NoFlake(Session session, string reference)
    {
        if (!session.Get<SessionSettings>().ExperimentalFeatures.Contains("flakes"))
        {
            return new UsageException("experimental Nix feature 'flakes' is disabled; add '--extra-experimental-features flakes' to enable it");
        }

        return File.Exists(reference)
            ? new UsageException($"path \"{Path.GetFullPath(reference)}\" is not a flake", $"Load it with '--file {reference}'.")
            : new UsageException($"the flake '{reference}' cannot be loaded: flakes are not evaluated yet", "'--file' and '--expr' take expressions.");
    }
}
