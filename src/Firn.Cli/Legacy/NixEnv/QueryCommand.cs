using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Profiles.Packages;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary><c>nix-env --query</c>: lists packages, installed or available.</summary>
internal sealed class QueryCommand : NixEnvCommand
{
    private readonly QueryColumns _columns = new();
    private bool _isOfAvailable;
    private string _attributePath = "";
    private Notation _notation = Notation.Table;

    private enum Notation
    {
        Table,
        Json,
        Xml,
    }

    public override string Summary => "display information about packages";

    public override string Examples => """
        # List what is installed:
        $ nix-env --query
        # List available packages with where they are in the expression, and which version is installed:
        $ nix-env --query --available --attr-path --compare-versions 'hello.*'
        """;

    protected override void DeclareOptions(Grammar grammar) => grammar
        .Flag("installed", "List what is installed; this is the default.", () => _isOfAvailable = false)
        .Flag("available", "List what can be installed.", () => _isOfAvailable = true, 'a')
        .Value("attr", "path", "List what is at this attribute path.", v => _attributePath = v, 'A')
        .Flag("status", "Show whether a package is installed (I), present (P) and substitutable (S).", () => _columns.Status = true, 's')
        .Flag("attr-path", "Show where in the expression a package is.", () => _columns.AttributePath = true, 'P')
        .Flag("no-name", "Do not show names.", () => _columns.Name = false)
        .Flag("compare-versions", "Show whether there are other versions among what is installed or available.", () => _columns.Comparison = true, 'c')
        .Flag("system", "Show what a package is for.", () => _columns.System = true)
        .Flag("drv-path", "Show the derivation.", () => _columns.DerivationPath = true)
        .Flag("out-path", "Show the paths of the outputs.", () => _columns.OutPath = true)
        .Flag("description", "Show the description.", () => _columns.Description = true)
        .Flag("meta", "Show all of a package's meta, in JSON and XML.", () => _columns.Meta = true)
        .Flag("json", "Print JSON.", () => _notation = Notation.Json)
        .Flag("xml", "Print XML.", () => _notation = Notation.Xml);

    protected override int Execute(Session session, Output output)
    {
        if (_columns.AttributePath && !_isOfAvailable)
        {
            throw new UsageException("--attr-path(-P) only works with --available");
        }

        return Evaluate(session, isReadOnly: true, (eval, lookup) =>
        {
            IReadOnlyList<Package> installed = !_isOfAvailable || _columns.Comparison || _columns.Status ? lookup.Installed(Profile) : [];
            IReadOnlyList<Package> available = _isOfAvailable || _columns.Comparison ? lookup.Available(_attributePath) : [];
            var chosen = SelectionPlanner.Select(_isOfAvailable ? available : installed, Arguments)
                .OrderBy(p => p.Name.Full, StringComparer.OrdinalIgnoreCase).ToList();
            var facts = new PackageFacts(session, installed, _isOfAvailable ? installed : available);
            var printer = new QueryPrinter(session, eval, output, _columns, facts, OnlyPrebuilt);
            switch (_notation)
            {
                case Notation.Json:
                    printer.PrintJson(chosen);
                    break;
                case Notation.Xml:
                    printer.PrintXml(chosen);
                    break;
                default:
                    printer.PrintTable(chosen);
                    break;
            }

            return 0;
        });
    }
}
