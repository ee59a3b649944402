using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Commands.Derivations;

/// <summary><c>nix derivation show</c>: prints derivations as JSON.</summary>
internal sealed class DerivationShowCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private readonly JsonOptions _json = new();
    private bool _recursive;

    public override string Summary => "show the contents of a store derivation";

    public override string Examples => """
        # How the result of the last build is made:
        $ nix derivation show ./result
        # … with everything that it needs:
        $ nix derivation show -r ./result
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        _json.Declare(grammar);
        grammar.Flag("recursive", "Include the dependencies of the specified derivations.", () => _recursive = true, 'r');
    }

    public override int Run(Session session, Output output)
    {
        var store = session.Store;
        var paths = new SortedSet<StorePath>(InstallablePaths.Derivations(session, _installables.Parse(session)));
        paths = _recursive ? store.Closure.Of(paths) : paths;
        output.Json(_json.IsPretty, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("derivations");
            foreach (var path in paths.Where(p => p.IsDerivation))
            {
                json.WritePropertyName(path.ToString());
                DerivationJson.Write(json, store.Derivations.Read(path));
            }

            json.WriteEndObject();
            json.WriteNumber("version", DerivationJson.Version);
            json.WriteEndObject();
        });
        return 0;
    }
}
