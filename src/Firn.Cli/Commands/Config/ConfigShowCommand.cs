using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Config;

/// <summary><c>nix config show</c>: prints the settings in force.</summary>
internal sealed class ConfigShowCommand : Command
{
    private bool _json;
    private string? _name;

    public override string Summary => "show the Nix configuration or the value of a specific setting";

    public override string Examples => """
        # How many builds run at once:
        $ nix config show max-jobs
        # Everything, for a program to read:
        $ nix config show --json
        """;

    public override void Declare(Grammar grammar) => grammar
        .Flag("json", "Produce output in JSON format, suitable for consumption by another program.", () => _json = true)
        .OptionalPosition("name", name => _name = name);

    public override int Run(Session session, Output output)
    {
        if (_json)
        {
            output.Json(Rendering.Terminal.IsOutputTerminal, session.Settings.WriteJson);
            return 0;
        }

        var found = false;
        foreach (var (setting, value) in session.Settings.Print())
        {
            if (_name is null)
            {
                output.Line($"{setting.Name} = {value}");
            }
            else if (setting.Name == _name)
            {
                found = true;
                output.Line(value);
            }
        }

        return _name is null || found
            ? 0
            : throw new UsageException($"could not find setting '{_name}'", Suggestion.Hints(_name, session.Settings.Print().Select(s => s.Setting.Name)));
    }
}
