using Firn.Cli.Parsing;
using Firn.Cli.Repl;
using Firn.Evaluation;
using Firn.Evaluation.Values;
using Firn.Platform.Files;
using Firn.Sessions;

namespace Firn.Cli.Evaluating;

/// <summary>The options of every command that evaluates: arguments for functions, the lookup path, purity.</summary>
internal sealed class EvaluationArguments
{
    private const string Category = "Common evaluation options";

    private readonly List<AutoArgument> _arguments = [];

    /// <summary>What <c>-I</c> puts before the lookup path, as <c>name=path</c> or <c>path</c>.</summary>
    public List<string> SearchPath { get; } = [];

    /// <summary>Whether what is broken is to be made anew.</summary>
    public bool Repairs { get; private set; }

    /// <summary>Whether the arguments are what stands on the line, so that the same line means the same.</summary>
    public bool AreOnLine => !_arguments.Any(a => a is AutoArgument.OfFile or AutoArgument.OfInput);

    /// <summary>Whether there are any.</summary>
    public bool HasArguments => _arguments.Count > 0;

    /// <summary>Whether a prompt opens where evaluation fails.</summary>
    public bool Debugs { get; private set; }

    /// <summary>Where relative paths in expressions on the line start from.</summary>
    public string BaseDirectory { get; set; } = Environment.CurrentDirectory;

    public void Declare(Grammar grammar)
    {
        var apply = grammar.ApplySetting;
        grammar
            .Pair("arg", "name", "expr", "Pass the value expr as the argument name to Nix functions.", (n, v) => Add(new AutoArgument.OfExpression(n, v)), category: Category)
            .Pair("argstr", "name", "string", "Pass the string string as the argument name to Nix functions.", (n, v) => Add(new AutoArgument.OfText(n, v)), category: Category)
            .Pair("arg-from-file", "name", "path", "Pass the contents of file path as the argument name to Nix functions.", (n, v) => Add(new AutoArgument.OfFile(n, v)), category: Category)
            .Value("arg-from-stdin", "name", "Pass the contents of stdin as the argument name to Nix functions.", n => Add(new AutoArgument.OfInput(n)), category: Category)
            .Value("include", "path", "Add path to the places where <name> is looked up.", SearchPath.Add, 'I', Category)
            .Flag("impure", "Allow access to mutable paths and repositories.", () => apply("pure-eval", "false"), category: Category)
            .Value("eval-store", "store-url", "The store to write sources and derivations to while evaluating.", v => apply("eval-store", v), category: Category)
            .Flag("repair", "Make anew what is missing or damaged in the store.", () => Repairs = true);
    }

    /// <summary>Adds the option that opens a prompt where evaluation fails, which the new commands have.</summary>
    public void DeclareDebugger(Grammar grammar) =>
        grammar.Flag("debugger", "Start an interactive environment if evaluation fails.", () => Debugs = true, category: Category);

    /// <summary>Returns the arguments as a set.</summary>
    public AttributeSet Build(Evaluator eval)
    {
        var set = new AttributeSetBuilder(_arguments.Count);
        foreach (var argument in _arguments)
        {
            set.Add(eval.Symbols.Intern(argument.Name), argument switch
            {
                AutoArgument.OfExpression(_, var text) => eval.Files.EvaluateText(text, BaseDirectory),
                AutoArgument.OfText(_, var text) => NixString.Of(text),
                AutoArgument.OfFile(_, var path) => new NixString(FileContent.ReadAll(path)),
                _ => new NixString(SourceArguments.ReadInput()),
            });
        }

        return set.Build();
    }

    /// <summary>Makes an evaluator with these arguments' lookup path.</summary>
    public EvaluationSession Open(Session session, bool isReadOnly)
    {
        var evaluation = new EvaluationSession(session, SearchPath, isReadOnly, EvaluationBuilds.Of(session));
        if (Debugs)
        {
            evaluation.Debugger = new ReplDebugger(session, new Output(Console.OpenStandardOutput()), evaluation);
        }

        return evaluation;
    }

    // Of an argument given twice the last counts.
    private void Add(AutoArgument argument)
    {
        _arguments.RemoveAll(a => a.Name == argument.Name);
        _arguments.Add(argument);
    }
}
