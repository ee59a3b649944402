using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Installables;

/// <summary>The options of the new commands that say which expression installables are taken from.</summary>
internal sealed class ExpressionOptions
{
    private bool _isPureByRequest;

    public EvaluationArguments Evaluation { get; } = new();

    /// <summary>The file, <c>-</c> for standard input; or null.</summary>
    public string? File { get; private set; }

    /// <summary>The text of the expression, or null.</summary>
    public string? Text { get; private set; }

    /// <summary>Whether installables are attribute paths in an expression.</summary>
    public bool IsGiven => File is not null || Text is not null;

    public void SetDefaults(CommonOptions options) => options.Set("pure-eval", "true");

    public void Declare(Grammar grammar)
    {
        Evaluation.Declare(grammar);
        Evaluation.DeclareDebugger(grammar);
        var apply = grammar.ApplySetting;
        grammar.ApplySetting = (name, value) =>
        {
            _isPureByRequest |= name == "pure-eval" && value == "true";
            apply(name, value);
        };
        grammar
            .Value("file", "file", "Interpret installables as attribute paths relative to the Nix expression stored in file; - is standard input.", v => TakeFile(v, apply), 'f')
            .Value("expr", "expr", "Interpret installables as attribute paths relative to the Nix expression expr.", v => Text = v);
    }

    /// <summary>Turns attribute paths into installables that are evaluated when they are asked for anything.</summary>
    /// <exception cref="UsageException">The options exclude each other.</exception>
    public IReadOnlyList<ExpressionInstallable> Parse(Session session, IReadOnlyList<string> paths, bool isReadOnly = false)
    {
        Check();
        Evaluation.BaseDirectory = session.BaseDirectory;
        var source = new ExpressionSource(Evaluation.Open(session, isReadOnly), Evaluation, File != "-", Load);
        return [.. (paths.Count == 0 ? [""] : paths).Select(path => new ExpressionInstallable(source, path))];
    }

    /// <summary>Evaluates the file or the text, each time anew.</summary>
    public Value Load(Evaluator eval) => (File, Text) switch
    {
        ("-", _) => eval.Files.EvaluateInput(SourceArguments.ReadInput(), Environment.CurrentDirectory),
        ({ } file, _) => eval.Files.EvaluateFile(SourceArguments.FileOf(eval, file, Evaluation.BaseDirectory)),
        (_, { } text) => eval.Files.EvaluateText(text, Evaluation.BaseDirectory),
        _ => throw new UsageException("no expression was given", "Give one by '--file' or '--expr'."),
    };

    /// <exception cref="UsageException">The options exclude each other.</exception>
    public void Check()
    {
        if (File is not null && Text is not null)
        {
            throw new UsageException("'--file' and '--expr' are exclusive");
        }

        if (File is not null && _isPureByRequest)
        {
            throw new UsageException("'--file' is not compatible with '--pure-eval'");
        }
    }

    // Files are read from where the user is: nothing pure about it.
    private void TakeFile(string file, Action<string, string> apply)
    {
        File = file;
        apply("pure-eval", "false");
    }
}
