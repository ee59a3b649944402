using System.Globalization;
using System.Text;
using Firn.Cli.Commands;
using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Model.Text.Json;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixInstantiate;

/// <summary><c>nix-instantiate</c>: evaluates expressions, to values or to derivations in the store.</summary>
internal sealed class InstantiateCommand : Command
{
    private readonly SourceArguments _sources = new();
    private Mode _mode = Mode.Instantiate;
    private Notation _notation = Notation.Nix;
    private bool _isStrict;
    private bool _writes;
    private bool _hasLocations = true;
    private string? _root;
    private int _roots;

    private enum Mode
    {
        Instantiate,
        Evaluate,
        Parse,
        FindFile,
    }

    private enum Notation
    {
        Nix,
        Json,
        Xml,
        Raw,
    }

    public override string Summary => "instantiate store derivations from Nix expressions";

    public override string Examples => """
        # Write a package's derivation into the store and print its path:
        $ nix-instantiate '<nixpkgs>' -A hello
        # Evaluate an expression, nested values too:
        $ nix-instantiate --eval --strict -E '{ x = 1 + 1; }'
        """;

    public override void Declare(Grammar grammar)
    {
        _sources.DeclareLegacy(grammar);
        grammar
            .Flag("eval", "Print the value instead of making derivations.", () => _mode = Mode.Evaluate, aliases: ["eval-only"])
            .Flag("parse", "Print the parsed expression.", () => _mode = Mode.Parse, aliases: ["parse-only"])
            .Flag("find-file", "Look files up in the Nix search path.", () => _mode = Mode.FindFile)
            .Flag("strict", "Evaluate all of the value, not only its outside.", () => _isStrict = true)
            .Flag("json", "Print the value as JSON.", () => _notation = Notation.Json)
            .Flag("xml", "Print the value as XML.", () => _notation = Notation.Xml)
            .Flag("raw", "Print the value as a string, without quotes.", () => _notation = Notation.Raw)
            .Flag("no-location", "Leave positions out of XML.", () => _hasLocations = false)
            .Flag("read-write-mode", "Write derivations into the store while evaluating.", () => _writes = true)
            .Flag("dry-run", "Write nothing into the store.", () => _writes = false)
            .Flag("indirect", "Accepted for old scripts; roots are always indirect.", () => { })
            .Value("add-root", "path", "Register the result as a root of the garbage collector.", path => _root = path);
    }

    public override int Run(Session session, Output output)
    {
        var evaluation = new EvaluationSession(session, _sources.SearchPath, isReadOnly: _mode != Mode.Instantiate && !_writes, EvaluationBuilds.Of(session));
        IReadOnlyList<string> sources = _sources.Sources.Count == 0 && !_sources.IsExpression ? ["./default.nix"] : _sources.Sources;
        Action<byte[]> take = _mode == Mode.Instantiate ? part => Take(session, output, FoundOutput.Parse(part)) : part => output.Stream.Write(part);
        evaluation.Answer(_mode == Mode.Parse ? null : _sources.Question(), take, (eval, give) =>
        {
            if (_mode == Mode.Parse)
            {
                TreePrinting.Print(sources.Select(source => ParseOnly(eval, source)), give);
                return;
            }

            var arguments = _mode == Mode.FindFile ? AttributeSet.Empty : _sources.Arguments(eval);
            foreach (var source in sources)
            {
                Process(eval, session, give, source, arguments);
            }
        });
        return 0;
    }

    private void Process(Evaluator eval, Session session, Action<byte[]> give, string source, AttributeSet arguments)
    {
        if (_mode == Mode.FindFile)
        {
            var found = eval.Files.EvaluateText($"<{source}>").AsPath!;
            give(Encoding.UTF8.GetBytes(found.StartsWith("/<nix>/", StringComparison.Ordinal)
                ? throw new CommandException($"'<{source}>' has no physical path", "It is part of the program; expressions can import it by this name.")
                : found + "\n"));
            return;
        }

        var root = _sources.Evaluate(eval, source);
        IReadOnlyList<string> paths = _sources.AttributePaths.Count == 0 ? [""] : _sources.AttributePaths;
        foreach (var path in paths)
        {
            var (value, _) = SelectionPath.Find(eval, path, arguments, root);
            if (_mode == Mode.Evaluate)
            {
                Print(eval, give, arguments.Count == 0 ? eval.Force(value) : AutomaticCall.Apply(eval, arguments, value));
            }
            else
            {
                Instantiate(eval, session, give, value, arguments);
            }
        }
    }

    private Syntax.Trees.Expression ParseOnly(Evaluator eval, string source) =>
        source == "-"
            ? eval.Files.ParseAndCheck(SourceArguments.ReadInput(), new SourceOrigin.StandardInput(), Environment.CurrentDirectory)
            : _sources.IsExpression
                ? eval.Files.ParseAndCheck(Encoding.UTF8.GetBytes(source), new SourceOrigin.Text(), Environment.CurrentDirectory)
                : eval.Files.ParseAndCheckFile(eval.Files.ResolveExpressionFile(SourceArguments.FileOf(eval, source), 0), 0);

    private void Print(Evaluator eval, Action<byte[]> give, Value value)
    {
        switch (_notation)
        {
            case Notation.Raw:
                give(eval.ToPlainString(value, "while generating the nix-instantiate output"));
                break;
            case Notation.Xml:
                if (_isStrict)
                {
                    eval.ForceDeep(value);
                }

                give([.. ValueXml.Write(value, eval, _isStrict, _hasLocations).Xml]);
                break;
            case Notation.Json:
                var json = new JsonWriter();
                ValueJson.Write(value, eval, copyToStore: true, json);
                give([.. json.Written, (byte)'\n']);
                break;
            default:
                if (_isStrict)
                {
                    eval.ForceDeep(value);
                }

                give([.. AmbiguousPrinter.Print(value, eval, _isStrict), (byte)'\n']);
                break;
        }
    }

    private void Instantiate(Evaluator eval, Session session, Action<byte[]> give, Value value, AttributeSet arguments)
    {
        foreach (var found in DerivationFinder.Find(eval, value, arguments, ignoresAssertions: false))
        {
            var path = found.DerivationPath(eval);
            var outputName = found.OutputName(eval);
            if (outputName.Length == 0)
            {
                throw new CommandException($"derivation '{session.StoreDirectory.Absolute(path)}' lacks an 'outputName' attribute");
            }

            if (_root is not null)
            {
                // Asking has it written, so that a root can be made for it.
                eval.Host.Store.IsValid(path);
            }

            give(new FoundOutput(path, outputName).ToBytes());
        }
    }

    private void Take(Session session, Output output, FoundOutput found)
    {
        var text = session.StoreDirectory.Absolute(found.Derivation);
        if (_root is null)
        {
            session.WarnOnce("you did not specify '--add-root'; the result might be removed by the garbage collector");
        }
        else
        {
            var link = Path.GetFullPath(_root) + (++_roots > 1 ? "-" + _roots.ToString(CultureInfo.InvariantCulture) : "");
            session.Store.Roots.AddPermanentRoot(found.Derivation, link);
            text = link;
        }

        output.Line(text + (found.Output == "out" ? "" : "!" + found.Output));
    }
}
