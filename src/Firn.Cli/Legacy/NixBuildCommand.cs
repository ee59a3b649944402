using System.Text;
using Firn.Cli.Realising;
using Firn.Cli.Commands;
using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store;

namespace Firn.Cli.Legacy;

/// <summary><c>nix-build</c>: evaluates expressions and builds the derivations that they are.</summary>
internal sealed class NixBuildCommand : Command
{
    private readonly SourceArguments _sources = new();
    private string? _link = "./result";
    private BuildMode _mode = BuildMode.Normal;
    private bool _isDry;

    public override string Summary => "build a Nix expression";

    public override string Examples => """
        # Build what ./default.nix says; ./result links to it:
        $ nix-build
        # Build one package, without a link:
        $ nix-build '<nixpkgs>' -A hello --no-out-link
        # Build an expression on the line:
        $ nix-build -E 'with import <nixpkgs> { }; hello'
        """;

    public override void Declare(Grammar grammar)
    {
        _sources.DeclareLegacy(grammar);
        grammar
            .Value("out-link", "path", "Make the link to the result at path.", v => _link = v, 'o')
            .Flag("no-out-link", "Make no link to the result.", () => _link = null, aliases: ["no-link"])
            .Flag("dry-run", "Only say what would be built or fetched.", () => _isDry = true)
            .Flag("check", "Build again what is there and compare.", () => _mode = BuildMode.Check)
            .Flag("add-drv-link", "Does nothing any more.", () => { })
            .Flag("indirect", "Does nothing any more.", () => { })
            .Value("drv-link", "path", "Does nothing any more.", _ => { });
    }

    public override int Run(Session session, Output output)
    {
        var found = FoundOutputs.Find(session, _sources);
        if (session.Get<Firn.Building.BuildSettings>().PrintMissing || _isDry)
        {
            Builds.PrintMissing(session, [.. found.Select(f => f.Request)]);
        }

        if (_isDry)
        {
            return 0;
        }

        session.Builder.BuildAll([.. found.Select(f => f.Request)], _sources.Evaluation.Repairs ? BuildMode.Repair : _mode, session.Cancellation);
        var numbers = new Dictionary<StorePath, int>();
        foreach (var item in found)
        {
            numbers.TryAdd(item.Derivation, numbers.Count);
            var path = session.Store.Outputs.FindOutputs(item.Derivation).GetValueOrDefault(item.Output) ?? throw new StoreException(
                StoreErrors.BadDerivation, $"derivation '{session.StoreDirectory.Absolute(item.Derivation)}' does not have an output named '{item.Output}'");
            if (_link is not null && session.Store.HasRoots)
            {
                var number = numbers[item.Derivation];
                var link = _link + (number > 0 ? $"-{number + 1}" : "") + (item.Output == "out" ? "" : "-" + item.Output);
                session.Store.Roots.AddPermanentRoot(path, Path.GetFullPath(link));
            }

            output.Line(session.StoreDirectory.Absolute(path));
        }

        return 0;
    }
}

/// <summary>One output of a derivation that the line asks for.</summary>
internal sealed record FoundOutput(StorePath Derivation, string Output)
{
    public DerivedPath Request => DerivedPath.Of(Derivation, OutputsSpec.Of(Output));

    /// <summary>Writes it for remembering.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Derivation}!{Output}");

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static FoundOutput Parse(byte[] bytes) => Encoding.UTF8.GetString(bytes).Split('!', 2) is [var derivation, var output]
        ? new(StorePath.Parse(derivation), output)
        : throw new System.Diagnostics.UnreachableException();
}

/// <summary>Finds the derivations that the arguments of <c>nix-build</c> mean.</summary>
internal static class FoundOutputs
{
    public static IReadOnlyList<FoundOutput> Find(Session session, SourceArguments arguments)
    {
        var found = new List<FoundOutput>();
        IReadOnlyList<string> sources = arguments.Sources.Count > 0 ? arguments.Sources : ["."];
        var expressions = new List<string>();
        foreach (var source in sources)
        {
            if (!arguments.IsExpression && FindDerivation(session, source) is { } output)
            {
                found.Add(output);
            }
            else
            {
                expressions.Add(source);
            }
        }

        if (expressions.Count > 0)
        {
            var evaluation = arguments.Evaluation.Open(session, isReadOnly: false);
            evaluation.Answer(arguments.Question(["outputs", .. expressions]), part => found.Add(FoundOutput.Parse(part)), (eval, give) =>
            {
                var values = arguments.Arguments(eval);
                foreach (var source in expressions)
                {
                    var outputs = new List<FoundOutput>();
                    Add(eval, session, arguments.Evaluate(eval, source), arguments.AttributePaths, values, outputs);
                    outputs.ForEach(output => give(output.ToBytes()));
                }
            });
        }

        return found;
    }

    /// <summary>Adds the derivations at attribute paths of a value.</summary>
    public static void Add(
        Evaluator eval, Session session, Value root, IReadOnlyList<string> paths, AttributeSet arguments, List<FoundOutput> found)
    {
        foreach (var path in paths.Count == 0 ? [""] : paths)
        {
            var (value, _) = SelectionPath.Find(eval, path, arguments, root);
            foreach (var item in DerivationFinder.Find(eval, value, arguments, ignoresAssertions: false))
            {
                var derivation = item.DerivationPath(eval);
                var output = item.OutputName(eval);
                found.Add(output.Length > 0
                    ? new FoundOutput(derivation, output)
                    : throw new CommandException($"derivation '{session.StoreDirectory.Absolute(derivation)}' lacks an 'outputName' attribute"));
            }
        }
    }

    // A derivation in the store, or a link to one, is taken as it is.
    private static FoundOutput? FindDerivation(Session session, string source)
    {
        var mark = source.LastIndexOfAny(['!', '^']);
        var file = mark < 0 ? source : source[..mark];
        if (!file.Contains(".drv", StringComparison.Ordinal) && !File.Exists(file))
        {
            return null;
        }

        string resolved;
        try
        {
            resolved = StorePathLookup.FollowToStore(session.StoreDirectory, file);
        }
        catch (StoreException)
        {
            return null;
        }

        if (!session.StoreDirectory.TryParse(resolved, out var path) || !path.IsDerivation)
        {
            return null;
        }

        var outputs = mark < 0 ? null : source[(mark + 1)..];
        if (outputs?.Contains(',') == true)
        {
            throw new CommandException($"building more than one derivation output is not supported, in '{source}'");
        }

        return new FoundOutput(path, outputs ?? session.Store.Derivations.Read(path).FindEnvironment("outputName"u8)?.ToString() ?? "out");
    }
}
