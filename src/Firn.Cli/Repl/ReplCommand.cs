using Firn.Cli.Commands;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Prompting;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Flakes.Locking;
using Firn.Flakes.References;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Repl;

/// <summary><c>nix repl</c>: a prompt at which expressions are evaluated.</summary>
internal sealed class ReplCommand : Command
{
    private readonly ExpressionOptions _expressions = new();
    private readonly FlakeOptions _flakes = new();
    private readonly List<string> _installables = [];

    public override string Summary => "start an interactive environment for evaluating Nix expressions";

    public override string Examples => """
        # Try expressions; :? tells what else the prompt understands:
        $ nix repl
        # With the attributes of a file as variables:
        $ nix repl --file ./default.nix
        # With those of a part of it:
        $ nix repl --file ./default.nix lib
        # With the outputs of a flake:
        $ nix repl .
        """;

    public override string Details =>
        "Type an expression to see its value, or NAME = EXPRESSION to give it a name. An expression may go on over several lines.";

    public override void SetDefaults(CommonOptions options) => options.Set("pure-eval", "false");

    public override void Declare(Grammar grammar)
    {
        _expressions.Declare(grammar);
        _flakes.Declare(grammar);
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
            var variables = new ReplVariables(scope, shown, () => arguments.Value, reference => LoadFlake(session, eval, reference), () => Values(session, scope, arguments.Value));
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
                yield return (scope.Attempt(() => FindInFlake(session, scope.Evaluator, installable)), installable);
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

    /// <summary>Evaluates a part of a flake that was named on the line.</summary>
    private Value FindInFlake(Session session, Evaluator eval, string text)
    {
        var (reference, fragment) = session.Flakes.ParseWithFragment(text);
        var flake = CallFlake(session, eval, reference, _flakes.Build(session));
        var paths = FlakeAttributes.Whole.PathsOf(fragment, session.Get<Firn.Building.BuildSettings>().System);
        var outputs = eval.Force(flake.AsSet!.Value.Find(eval.Symbols.Intern("outputs"))!.Value).AsSet!.Value;
        return FlakeInstallable.Find(eval, outputs, paths, text).Value;
    }

    internal static Value LoadFlake(Session session, Evaluator eval, string text)
    {
        var reference = session.Flakes.Parse(text, allowsMissing: true);
        var isPure = session.Get<EvaluationSettings>().PureEval;
        return isPure && !session.Flakes.Forms.IsLocked(reference.Input)
            ? throw new UsageException($"cannot use ':load-flake' on unlocked flake reference '{text}' (use --impure to override)")
            : CallFlake(session, eval, reference, new LockOptions { MayChange = false, UsesRegistries = isPure ? false : null, AllowsUnlocked = !isPure });
    }

    private static Value CallFlake(Session session, Evaluator eval, FlakeReference reference, LockOptions options)
    {
        // What changed since is to be seen.
        session.Flakes.Sources.ForgetAll();
        return Firn.Evaluation.Builtins.Flakes.Call(eval, session.Flakes.GraphOf(session.Flakes.Lock(reference, options)));
    }
}
