using Firn.Cli.Repl.Lines;
using Firn.Evaluation.Prompting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Syntax.Trees;

namespace Firn.Cli.Repl;

/// <summary>The prompt: reads what is typed, does it, shows what comes of it, and asks again.</summary>
internal sealed class ReplLoop
{
    private const string Prompt = "nix-repl> ";
    private const string Continuation = "        > ";

    private readonly Session _session;
    private readonly PromptScope _scope;
    private readonly ReplOutput _output;
    private readonly ReplVariables _variables;
    private readonly ReplBuilds _builds;
    private readonly IReadOnlyList<ReplCommandEntry> _commands;
    private readonly IReadOnlyList<ReplCommandEntry> _debugging;

    /// <param name="session">The settings and the store.</param>
    /// <param name="scope">The variables.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="variables">What is loaded.</param>
    /// <param name="builds">What is done with derivations.</param>
    /// <param name="debugging">The commands of a debugger, when there is one.</param>
    public ReplLoop(Session session, PromptScope scope, ReplOutput output, ReplVariables variables, ReplBuilds builds, IReadOnlyList<ReplCommandEntry> debugging)
    {
        (_session, _scope, _output, _variables, _builds, _debugging) = (session, scope, output, variables, builds, debugging);
        _commands = [.. Commands()];
    }

    /// <summary>The names of all commands.</summary>
    public IEnumerable<string> CommandNames => _commands.Concat(_debugging).SelectMany(c => c.Names);

    /// <summary>Asks and answers until there is no more to do.</summary>
    /// <returns><see cref="ReplStep.Quit"/> or <see cref="ReplStep.Continue"/>.</returns>
    public ReplStep Run(ILineSource lines)
    {
        var text = "";
        while (true)
        {
            _output.Flush();
            _session.ForgetInterruption();
            switch (lines.Read(text.Length == 0 ? Prompt : Continuation))
            {
                case LineRead.End:
                    _output.Line("");
                    _output.Flush();
                    return ReplStep.Quit;
                case LineRead.Dropped:
                    text = "";
                    break;
                case LineRead.Line(var line):
                    text += line + "\n";
                    break;
            }

            var step = Try(() => Do(text));
            if (step is ReplStep.Quit or ReplStep.Continue)
            {
                _output.Flush();
                return step;
            }

            if (step == ReplStep.Done)
            {
                text = "";
                _output.Line("");
            }
        }
    }

    /// <summary>Does something that may fail or be interrupted; a failure is shown.</summary>
    public ReplStep Try(Func<ReplStep> work)
    {
        _session.ForgetInterruption();
        _scope.Evaluator.ForgetInterruption();
        try
        {
            using var interruption = _session.Cancellation.Register(_scope.Evaluator.Interrupt);
            return work();
        }
        catch (FirnException failure)
        {
            _output.Error(failure.Diagnostic);
        }
        catch (OperationCanceledException)
        {
            _output.Error(new Diagnostic(CliErrors.Interrupted, "interrupted by the user"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _output.Error(new Diagnostic(CliErrors.File, e.Message));
        }

        return ReplStep.Done;
    }

    private ReplStep Do(string typed)
    {
        var text = typed.Trim();
        if (text.Length == 0)
        {
            return ReplStep.Done;
        }

        if (text[0] != ':')
        {
            return Evaluate(text);
        }

        var end = text.AsSpan().IndexOfAny(" \t\r\n");
        var name = end < 0 ? text : text[..end];
        var command = ReplCommandList.Find(_commands, name) ?? ReplCommandList.Find(_debugging, name)
            ?? throw new UsageException($"unknown command '{name}'", ReplDebugging.Names.Contains(name)
                ? [$"{name} is for where evaluation has stopped: start with --debugger."]
                : Parsing.Suggestion.Hints(name, CommandNames));
        return command.Run(end < 0 ? "" : text[end..].Trim());
    }

    private ReplStep Evaluate(string text)
    {
        switch (_scope.Read(text))
        {
            case PromptInput.Definitions(var set):
                _scope.Define(set);
                return ReplStep.Done;
            case PromptInput.Term(var expression):
                Show(_scope.Evaluate(expression), whole: false);
                return ReplStep.Done;
            case PromptInput.Wrong(var failure):
                throw failure;
            default:
                return ReplStep.More;
        }
    }

    private ReplStep WithExpression(string text, Action<Expression> use)
    {
        switch (_scope.ReadExpression(text))
        {
            case PromptInput.Term(var expression):
                use(expression);
                return ReplStep.Done;
            case PromptInput.Wrong(var failure):
                throw failure;
            default:
                return ReplStep.More;
        }
    }

    private ReplStep WithValue(string text, Action<Value> use) => WithExpression(text, expression => use(_scope.Evaluate(expression)));

    private void Show(Value value, bool whole) => _scope.Attempt(() =>
    {
        _output.Print(_scope.Evaluator, value, whole);
        return 0;
    });

    private IEnumerable<ReplCommandEntry> Commands() =>
    [
        new([":a", ":add"], "<expr>", "Add attributes from resulting set to scope", a => WithValue(a, _variables.Add)),
        new([":b"], "<expr>", "Build a derivation", a => WithValue(a, v => _builds.Build(v, makesLinks: false))),
        new([":bl"], "<expr>", "Build a derivation, creating GC roots in the\nworking directory", a => WithValue(a, v => _builds.Build(v, makesLinks: true))),
        new([":e", ":edit"], "<expr>", "Open package or function in $EDITOR", a => WithValue(a, v => Edit(v, a))),
        new([":i"], "<expr>", "Build derivation, then install result into\ncurrent profile", a => WithValue(a, _builds.Install)),
        new([":l", ":load"], "<path>", "Load Nix expression and add it to scope", a => Always(() => Load(a))),
        new([":lf", ":load-flake"], "<ref>", "Load Nix flake and add it to scope", LoadFlake),
        new([":ll", ":last-loaded"], "", "Show most recently loaded variables added to scope", _ => Always(_variables.ShowLastLoaded)),
        new([":p", ":print"], "<expr>", "Evaluate and print expression recursively\nStrings are printed directly, without escaping.", a => WithValue(a, PrintWhole)),
        new([":q", ":quit"], "", "Exit nix-repl", _ => ReplStep.Quit),
        new([":r", ":reload"], "", "Reload all files", _ => Always(_variables.Reload)),
        new([":sh"], "<expr>", "Build dependencies of derivation, then start\nnix-shell", a => WithValue(a, _builds.OpenBuildShell)),
        new([":t"], "<expr>", "Describe result of evaluation", a => WithValue(a, v => _output.Line(PromptValues.TypeText(v)))),
        new([":u"], "<expr>", "Build derivation, then start nix-shell", a => WithValue(a, _builds.OpenShell)),
        new([":doc"], "<expr>", "Show documentation of a builtin function", a => WithExpression(a, e => _output.Markdown(ReplDocumentation.Find(_scope, e)))),
        new([":log"], "<expr>", "Show logs for a derivation", a => WithValue(a, _builds.ShowLog)),
        new([":te", ":trace-enable"], "[bool]", "Enable, disable or toggle showing traces for\nerrors", a => Always(() => ShowTraces(a))),
        new([":?", ":help"], "", "Brings up this help menu", _ => Always(() => _output.Line(ReplCommandList.Help(_commands!, _debugging).TrimEnd('\n')))),
    ];

    private static ReplStep Always(Action work)
    {
        work();
        return ReplStep.Done;
    }

    private void Load(string file)
    {
        _scope.Evaluator.Files.Forget();
        _variables.LoadFile(file);
    }

    private ReplStep LoadFlake(string reference)
    {
        if (reference.Length == 0)
        {
            throw new UsageException("cannot use ':load-flake' without a path specified. (Use '.' for the current working directory.)");
        }

        _scope.Evaluator.Files.Forget();
        _variables.LoadFlake(reference);
        return ReplStep.Done;
    }

    private void PrintWhole(Value value)
    {
        if (PromptValues.TextOf(value) is { } text)
        {
            _output.Bytes(text);
            _output.Line("");
        }
        else
        {
            Show(value, whole: true);
        }
    }

    private void Edit(Value value, string text)
    {
        var (file, line) = _scope.Attempt(() => PromptValues.FindSource(_scope.Evaluator, value))
            ?? throw new UsageException($"package '{text}' has no source location information");
        _output.Flush();
        ReplPrograms.Edit(_session, file, line);
        _variables.Reload();
    }

    private void ShowTraces(string argument)
    {
        _output.ShowsTrace = argument switch
        {
            "" => !_output.ShowsTrace,
            "true" => true,
            "false" => false,
            _ => throw new UsageException($"unexpected argument '{argument}' to :te"),
        };
        _output.Line(_output.ShowsTrace ? "showing error traces" : "not showing error traces");
    }
}
