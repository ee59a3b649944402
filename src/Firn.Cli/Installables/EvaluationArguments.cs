using Firn.Cli.Parsing;

namespace Firn.Cli.Installables;

/// <summary>The options of every command that evaluates: arguments for functions, the lookup path, purity.</summary>
internal sealed class EvaluationArguments
{
    private const string Category = "Common evaluation options";

    /// <summary>What functions are called with; a later one of the same name wins.</summary>
    public List<AutoArgument> Arguments { get; } = [];

    /// <summary>What <c>-I</c> puts before the lookup path, as <c>name=path</c> or <c>path</c>.</summary>
    public List<string> Includes { get; } = [];

    /// <summary>The store that derivations are written to while evaluating, when it is another one.</summary>
    public string? EvaluationStore { get; private set; }

    /// <summary>Whether what is broken is to be built again.</summary>
    public bool Repairs { get; private set; }

    public void Declare(Grammar grammar)
    {
        var impure = grammar.ApplySetting;
        grammar
            .Pair("arg", "name", "expr", "Pass the value expr as the argument name to Nix functions.", (n, v) => Add(new AutoArgument.OfExpression(n, v)), category: Category)
            .Pair("argstr", "name", "string", "Pass the string string as the argument name to Nix functions.", (n, v) => Add(new AutoArgument.OfText(n, v)), category: Category)
            .Pair("arg-from-file", "name", "path", "Pass the contents of file path as the argument name to Nix functions.", (n, v) => Add(new AutoArgument.OfFile(n, v)), category: Category)
            .Value("arg-from-stdin", "name", "Pass the contents of stdin as the argument name to Nix functions.", n => Add(new AutoArgument.OfInput(n)), category: Category)
            .Value("include", "path", "Add path to the places where <name> is looked up.", Includes.Add, 'I', Category)
            .Flag("impure", "Allow access to mutable paths and repositories.", () => impure("pure-eval", "false"), category: Category)
            .Value("eval-store", "store-url", "The URL of the Nix store to use for evaluation, i.e. to store derivations (.drv files) and inputs referenced by them.", v => EvaluationStore = v, category: Category)
            .Flag("repair", "During evaluation, rewrite missing or corrupted files in the Nix store. During building, rebuild missing or corrupted store paths.", () => Repairs = true);
    }

    private void Add(AutoArgument argument)
    {
        Arguments.RemoveAll(a => a.Name == argument.Name);
        Arguments.Add(argument);
    }
}
