using Firn.Cli.Evaluating;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Model.Text.Json;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix eval</c>: evaluates an expression and prints or writes the value.</summary>
internal sealed class EvalCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private readonly JsonOptions _json = new();
    private string _path = "";
    private bool _raw;
    private string? _apply;
    private string? _directory;
    private CommonOptions? _options;

    public override string Summary => "evaluate a Nix expression";

    public override string Examples => """
        # A value of an expression on the line:
        $ nix eval --expr '1 + 2'
        # An attribute of a file, as JSON:
        $ nix eval --json -f ./default.nix meta
        # Where the time goes, as a picture:
        $ nix eval -f ./default.nix pkgs.hello.drvPath --profile hello.svg
        # What a function makes of it:
        $ nix eval -f ./default.nix pkgs --apply builtins.attrNames
        """;

    public override void SetDefaults(CommonOptions options)
    {
        _installables.Expressions.SetDefaults(options);
        _options = options;
    }

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        _json.Declare(grammar);
        grammar
            .Flag("raw", "Print strings without quotes or escaping.", () => _raw = true)
            .Value("apply", "expr", "Apply the function expr to each argument.", v => _apply = v)
            .Value("write-to", "path", "Write a string or attrset of strings to path.", v => _directory = v)
            .Flag("read-only", "Do not instantiate each evaluated derivation. This improves performance, but can cause errors when accessing store paths of derivations during evaluation.", () => { })
            .Value("profile", "file.svg", "Draw where the time goes, for a browser; a file with another ending gets lines for flame graph tools.", Profile)
            .OptionalPosition("installable", v => _path = v);
    }

    public override int Run(Session session, Output output)
    {
        if (_raw && _json.IsWanted)
        {
            throw new UsageException("--raw and --json are mutually exclusive");
        }

        var installable = _installables.ParseOne(session, _path) as ValueInstallable
            ?? throw new CommandException($"'{_path}' is an object of the store, and nothing that can be evaluated");
        if (_directory is { } directory)
        {
            return installable.Evaluate((eval, value) =>
            {
                ValueFiles.Write(eval, Apply(eval, value), directory);
                return 0;
            });
        }

        installable.Answer(part => output.Stream.Write(part), (eval, value, give) => give(Print(eval, Apply(eval, value))));
        return 0;
    }

    private void Profile(string file)
    {
        _options!.Set("eval-profiler", "flamegraph");
        _options.Set("eval-profile-file", file);
        _options.Set("eval-profiler-frequency", "999");
    }

    private Value Apply(Evaluator eval, Value value) => _apply is { } function
        ? eval.Force(eval.Call(eval.Files.EvaluateText(function, Environment.CurrentDirectory), value))
        : value;

    private byte[] Print(Evaluator eval, Value value)
    {
        if (_raw)
        {
            return eval.ToPlainString(value, "while generating the eval command output");
        }

        if (_json.IsWanted)
        {
            var json = new JsonWriter(_json.IsPretty ? 2 : 0);
            ValueJson.Write(value, eval, copyToStore: false, json);
            return [.. json.Written, (byte)'\n'];
        }

        return [.. ValuePrinter.Print(value, eval, new PrintOptions { Force = true, DerivationPaths = true, ThrowsAtTop = true, ShowsErrors = false }), (byte)'\n'];
    }
}
