using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Running;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix run</c>: builds a program and runs it.</summary>
internal sealed class RunCommand : Command
{
    private readonly InstallableOptions _installables = new() { Attributes = FlakeAttributes.Apps };
    private readonly EnvironmentOptions _environment = new();
    private readonly List<string> _arguments = [];
    private string? _installable;

    public override string Summary => "run a Nix application";

    public override string Examples => """
        # Run the default app of the flake in this folder:
        $ nix run
        # Run a program of another; what follows is for the program:
        $ nix run nixpkgs#vim -- --help
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        _environment.Declare(grammar);
        grammar.OptionalPosition("installable", v => _installable = v).Rest("args", _arguments.Add);
    }

    public override int Run(Session session, Output output)
    {
        var installable = _installables.ParseOne(session, _installable ?? (_installables.Expressions.IsGiven ? "" : "."));
        var program = new AppFinder(session).Find(installable);
        return ProgramRun.Replace(session, output, program, _arguments, _environment.Build());
    }
}
