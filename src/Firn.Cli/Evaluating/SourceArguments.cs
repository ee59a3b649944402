using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Evaluating;

/// <summary>The options that say which expressions are evaluated, and with which arguments.</summary>
internal sealed class SourceArguments
{
    /// <summary>The options that all commands have that evaluate.</summary>
    public EvaluationArguments Evaluation { get; } = new();

    /// <summary>The files named, or the expressions themselves after <c>-E</c>.</summary>
    public List<string> Sources { get; } = [];

    /// <summary>The paths of <c>-A</c>.</summary>
    public List<string> AttributePaths { get; } = [];

    /// <summary>What <c>-I</c> gave.</summary>
    public List<string> SearchPath => Evaluation.SearchPath;

    public bool IsExpression { get; private set; }

    public bool ReadsInput { get; private set; }

    /// <summary>Asks to remember the answer to a question under the words of the line; null when the line does not say all.</summary>
    public IReadOnlyList<string>? Question(params string[] parts) => ReadsInput || !Evaluation.AreOnLine ? null : parts;

    /// <summary>Adds the options of the old commands.</summary>
    public void DeclareLegacy(Grammar grammar)
    {
        DeclareArguments(grammar);
        grammar
            .Flag("expr", "Interpret the arguments as Nix expressions.", () => IsExpression = true, 'E')
            .Value("attr", "path", "Select an attribute from the expression.", AttributePaths.Add, 'A')
            .Flag("impure", "Allow access to what is not given by hash; the old commands always do.", () => { })
            .Flag("from-args", "Evaluate the arguments themselves.", () => IsExpression = true)
            .Rest("files", source =>
            {
                ReadsInput |= source == "-";
                Sources.Add(source);
            });
    }

    /// <summary>Adds <c>--arg</c>, <c>-I</c> and their like, which all commands that evaluate have.</summary>
    public void DeclareArguments(Grammar grammar) => Evaluation.Declare(grammar);

    /// <summary>Returns the arguments as a set.</summary>
    public AttributeSet Arguments(Evaluator eval) => Evaluation.Build(eval);

    /// <summary>Evaluates one of <see cref="Sources"/>.</summary>
    public Value Evaluate(Evaluator eval, string source) => source == "-"
        ? eval.Files.EvaluateInput(ReadInput(), Environment.CurrentDirectory)
        : IsExpression
            ? eval.Files.EvaluateText(source, Evaluation.BaseDirectory)
            : eval.Files.EvaluateFile(FileOf(eval, source));

    /// <summary>Returns the path that a source argument means: a file, <c>&lt;name&gt;</c>, or a URL's unpacked archive.</summary>
    public static string FileOf(Evaluator eval, string source, string? directory = null)
    {
        if (source is ['<', .. var name, '>'])
        {
            return eval.Files.EvaluateText(source).AsPath is { } found && name.Length > 0
                ? found
                : throw new UsageException($"'{source}' names nothing");
        }

        return source.Contains("://", StringComparison.Ordinal) || source.StartsWith("channel:", StringComparison.Ordinal) || source.StartsWith("flake:", StringComparison.Ordinal)
            ? SearchPaths.Resolve(eval, source)!
            : PathText.Canonical(Path.GetFullPath(source, directory ?? Environment.CurrentDirectory));
    }

    /// <summary>Reads all of standard input.</summary>
    public static byte[] ReadInput()
    {
        using var input = Console.OpenStandardInput();
        using var content = new MemoryStream();
        input.CopyTo(content);
        return content.ToArray();
    }
}
