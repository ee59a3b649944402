using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Repl;
using Firn.Evaluation.Prompting;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix edit</c>: opens the place where a package is written.</summary>
internal sealed class EditCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private string? _installable;

    public override string Summary => "open the Nix expression of a Nix package in $EDITOR";

    public override string Examples => """
        # Where is a package written?
        $ EDITOR=echo nix edit nixpkgs#hello
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        grammar.OptionalPosition("installable", v => _installable = v);
    }

    public override int Run(Session session, Output output)
    {
        var installable = _installables.ParseOne(session, _installable ?? (_installables.Expressions.IsGiven ? "" : ".")) as ValueInstallable
            ?? throw new CommandException($"'{_installable}' is an object of the store, and nothing that is written somewhere");
        var (file, line) = installable.Evaluate((eval, value) =>
            PromptValues.FindSource(eval, value) is { } place ? (eval.Host.Store.RealPath(place.File), place.Line) : ((string, int)?)null)
            ?? throw new CommandException($"cannot find position information for '{installable.What}'");
        output.Flush();
        ReplPrograms.Edit(session, file, line);
        return 0;
    }
}
