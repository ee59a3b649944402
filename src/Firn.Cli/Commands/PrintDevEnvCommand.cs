using Firn.Cli.Developing;
using Firn.Cli.Parsing;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix print-dev-env</c>: prints code that makes a bash the one in which a derivation is built.</summary>
internal sealed class PrintDevEnvCommand : DevelopmentCommand
{
    private readonly JsonOptions _json = new();

    public override string Summary => "print shell code that can be sourced by bash to reproduce the build environment of a derivation";

    public override string Examples => """
        # Make the running bash the one in which GNU hello is built:
        $ . <(nix print-dev-env nixpkgs#hello)
        # The variables and functions, for another program:
        $ nix print-dev-env nixpkgs#hello --json
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _json.Declare(grammar);
    }

    public override int Run(Session session, Output output)
    {
        var environment = new EnvironmentBuild(session).Read(Build(session, Find(session)));
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, environment.Write);
        }
        else
        {
            output.Text.Write(Code(session, environment));
        }

        return 0;
    }
}
