using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Realisations;
using Firn.Sessions;

namespace Firn.Cli.Commands.Derivations;

/// <summary><c>nix realisation info</c>: tells which paths outputs got whose paths follow from their content.</summary>
internal sealed class RealisationInfoCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private readonly JsonOptions _json = new();

    public override string Summary => "query information about one or several realisations";

    public override string Examples => """
        # Which path an output got:
        $ nix realisation info -f ./default.nix hello
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        _json.Declare(grammar);
    }

    public override int Run(Session session, Output output)
    {
        var (paths, realisations) = InstallablePaths.Realised(session, session.Store, _installables.Parse(session));
        var others = paths.Where(p => realisations.All(r => !r.OutputPath.Equals(p))).ToList();
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json =>
            {
                json.WriteStartArray();
                foreach (var realisation in realisations)
                {
                    RealisationJson.Write(json, realisation);
                }

                foreach (var path in others)
                {
                    json.WriteStartObject();
                    json.WriteString("opaquePath", session.StoreDirectory.Absolute(path));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            return 0;
        }

        foreach (var realisation in realisations)
        {
            output.Line($"{realisation.Id} {session.StoreDirectory.Absolute(realisation.OutputPath)}");
        }

        foreach (var path in others)
        {
            output.Line(session.StoreDirectory.Absolute(path));
        }

        return 0;
    }
}
