using System.Text.RegularExpressions;
using Firn.Building;
using Firn.Building.Planning;
using Firn.Cli.Realising;
using Firn.Cli.Commands;
using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Cli.Installables;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Legacy.NixShell;

/// <summary><c>nix-shell</c>: runs a shell or a command where a derivation's builder would run.</summary>
internal sealed class NixShellCommand(ShebangScript? script) : Command
{
    private readonly SourceArguments _sources = new();
    private readonly List<string> _excluded = [];
    private readonly List<string> _kept = [];
    private bool _isPure;
    private bool _hasPackages;
    private bool _isDry;
    private bool? _isInteractive;
    private string _command = "";

    public override string Summary => "start an interactive shell based on a Nix expression";

    public override string Examples => """
        # The environment of what ./shell.nix or ./default.nix builds:
        $ nix-shell
        # Some packages, for one command:
        $ nix-shell -p hello jq --run 'hello | jq -R .'
        # Without anything from outside:
        $ nix-shell --pure '<nixpkgs>' -A hello
        """;

    public override void Declare(Grammar grammar)
    {
        _sources.DeclareLegacy(grammar);
        grammar
            .Flag("pure", "Clear the environment, but for a few variables.", () => _isPure = true)
            .Flag("impure", "Keep the environment; this is the default.", () => _isPure = false)
            .Flag("packages", "Make an environment with these packages of <nixpkgs>.", () => _hasPackages = true, 'p')
            .Value("run", "command", "Run a command in the environment, without a terminal's comforts.", v => SetCommand(v, false))
            .Value("command", "command", "Run a command in the environment.", v => SetCommand(v, null))
            .Value("exclude", "regexp", "Do not build dependencies that match.", _excluded.Add)
            .Value("keep", "name", "With --pure, keep this variable too.", _kept.Add)
            .Flag("dry-run", "Only say what would be built or fetched.", () => _isDry = true)
            .Flag("no-out-link", "Does nothing here.", () => { }, aliases: ["no-link"])
            .Flag("indirect", "Does nothing here.", () => { });
        if (script is not null)
        {
            grammar.Value("interpreter", "program", "The program that runs the script.", v => SetCommand(script.CommandFor(v), false), 'i');
        }
    }

    public override int Run(Session session, Output output)
    {
        if (script is not null && session.Get<SessionSettings>().NixShellShebangArgumentsRelativeToScript)
        {
            _sources.Evaluation.BaseDirectory = script.Directory;
        }

        var derivation = FindDerivation(session);
        var recipe = session.Store.Derivations.Read(derivation);
        var wanted = recipe.InputDerivations
            .Where(i => !_excluded.Exists(e => Regex.IsMatch(session.StoreDirectory.Absolute(i.Path), e)))
            .Select(i => DerivedPath.Of(i.Path, OutputsSpec.Of(i.Outputs.Names)))
            .Concat(recipe.InputSources.Select(s => new DerivedPath.Opaque(s))).ToList();
        if (session.Get<BuildSettings>().PrintMissing || _isDry)
        {
            Builds.PrintMissing(session, wanted);
        }

        if (_isDry)
        {
            return 0;
        }

        session.Builder.BuildAll(wanted, BuildMode.Normal, session.Cancellation);
        var isInteractive = _isInteractive ?? (!Console.IsInputRedirected && !Console.IsErrorRedirected);
        if (DerivationResolver.IsNeeded(recipe, session.Get<SessionSettings>().ExperimentalFeatures.Contains("ca-derivations")))
        {
            // Its environment has placeholders for what was just built.
            recipe = DerivationResolver.Resolve(recipe, session.StoreDirectory, input => InstallablePaths.Resolve(session.Store, input)) ?? recipe;
        }

        return new ShellRun(session, _isPure, _kept, _command, isInteractive).Run(derivation, recipe);
    }

    private StorePath FindDerivation(Session session)
    {
        if (_hasPackages && _sources.IsExpression)
        {
            throw new UsageException("'-p' and '-E' are mutually exclusive");
        }

        // A derivation that is there already needs no evaluation.
        if (!_hasPackages && !_sources.IsExpression && _sources.Sources is [var source]
            && source.Split('!')[0] is var path && path.EndsWith(".drv", StringComparison.Ordinal)
            && session.StoreDirectory.TryParse(path, out var derivation))
        {
            return derivation;
        }

        // Nor does a link to one, whatever its name.
        if (!_hasPackages && !_sources.IsExpression && _sources.Sources is [var link]
            && new FileInfo(link).LinkTarget is { } target && session.StoreDirectory.TryParse(target, out var linked) && linked.IsDerivation)
        {
            return linked;
        }

        var found = new List<FoundOutput>();
        var evaluation = _sources.Evaluation.Open(session, isReadOnly: false);
        evaluation.Answer(Question(), part => found.Add(FoundOutput.Parse(part)), (eval, give) =>
        {
            var arguments = _sources.Arguments(eval);
            foreach (var root in Roots(session, eval))
            {
                var outputs = new List<FoundOutput>();
                FoundOutputs.Add(eval, session, Called(eval, root, arguments), _sources.AttributePaths, arguments, outputs);
                outputs.ForEach(output => give(output.ToBytes()));
            }
        });
        return found.Select(f => f.Derivation).Distinct().ToList() is [var only]
            ? only
            : throw new UsageException("nix-shell requires a single derivation", "Select one with '-A'.");
    }

    // Beside the line it counts what a script says, and which files of the folders there are to choose from.
    // Of a folder that has to be looked up first that cannot be said.
    private IReadOnlyList<string>? Question() => !_hasPackages && !_sources.IsExpression && _sources.Sources.Exists(s => s.StartsWith('<') || s.Contains(':')) ? null : _sources.Question(
    [
        "shell", script?.File ?? "", _sources.Evaluation.BaseDirectory, .. script?.Options ?? [], "files",
        .. _sources.Sources.Append(".").Select(source => Path.Combine(_sources.Evaluation.BaseDirectory, source))
            .Select(folder => $"{folder} {File.Exists($"{folder}/shell.nix")} {File.Exists($"{folder}/default.nix")}"),
    ]);

    private IEnumerable<Value> Roots(Session session, Evaluator eval)
    {
        if (_hasPackages)
        {
            var packages = string.Concat(_sources.Sources.Select(p => $"({p}) "));
            yield return eval.Files.EvaluateText(
                "{...}@args: with import <nixpkgs> args; (pkgs.runCommandCC or pkgs.runCommand) \"shell\" { buildInputs = [ " + packages + "]; } \"\"",
                _sources.Evaluation.BaseDirectory);
        }
        else if (_sources.IsExpression || _sources.ReadsInput)
        {
            foreach (var source in _sources.Sources)
            {
                yield return _sources.Evaluate(eval, source);
            }
        }
        else
        {
            foreach (var source in _sources.Sources.Count > 0 ? _sources.Sources : [DefaultSource(session)])
            {
                yield return eval.Files.EvaluateFile(ShellFile(session, SourceArguments.FileOf(eval, script is null ? source : Path.Combine(script.Directory, source))));
            }
        }
    }

    // A function that wants to know is told that it is a shell's.
    private static Value Called(Evaluator eval, Value root, AttributeSet arguments)
    {
        var inShell = new AttributeSetBuilder(arguments.Count + 1);
        foreach (var (name, value, _) in arguments.ByName(eval.Symbols))
        {
            inShell.Add(name, value);
        }

        if (arguments.Find(eval.Symbols.Intern("inNixShell")) is null)
        {
            inShell.Add(eval.Symbols.Intern("inNixShell"), NixBool.True);
        }

        return TakesShell(eval, root) ? AutomaticCall.Apply(eval, inShell.Build(), root) : root;
    }

    private static bool TakesShell(Evaluator eval, Value root) =>
        AutomaticCall.ParameterNames(eval, root).Contains("inNixShell");

    private static string ShellFile(Session session, string path)
    {
        if (!Directory.Exists(path))
        {
            return path;
        }

        const string setting = "nix-shell-always-looks-for-shell-nix";
        var (shell, other) = (Path.Combine(path, "shell.nix"), Path.Combine(path, "default.nix"));
        if (File.Exists(shell))
        {
            if (session.Get<SessionSettings>().NixShellAlwaysLooksForShellNix)
            {
                return shell;
            }

            session.Log.Write(
                Verbosity.Warning,
                $"Skipping '{shell}', because the setting '{setting}' is disabled. This is a deprecated behavior. Consider enabling '{setting}'.");
        }

        return File.Exists(other) ? other : throw new CommandException($"neither 'shell.nix' nor 'default.nix' found in '{path}'");
    }

    // Before there was that setting, only the working directory was looked at.
    private static string DefaultSource(Session session)
    {
        var hasShell = File.Exists("shell.nix");
        return !hasShell && !File.Exists("default.nix")
            ? throw new UsageException("no argument specified and no 'shell.nix' or 'default.nix' file found in the working directory")
            : hasShell && !session.Get<SessionSettings>().NixShellAlwaysLooksForShellNix ? "shell.nix" : ".";
    }

    private void SetCommand(string command, bool? isInteractive) => (_command, _isInteractive) = (command + "\nexit", isInteractive ?? _isInteractive);
}
