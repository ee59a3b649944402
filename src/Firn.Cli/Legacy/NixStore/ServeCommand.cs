using Firn.Cli.Commands.Daemon;
using Firn.Cli.Parsing;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --serve</c>: gives another machine access to the store, by standard input and output.</summary>
internal sealed class ServeCommand : NixStoreCommand
{
    private bool _mayWrite;

    public override string Summary => "serve access to the store over standard input and output";

    protected override void DeclareOptions(Grammar grammar) =>
        grammar.Flag("write", "Let the other machine add to the store and build.", () => _mayWrite = true);

    protected override int Execute(Session session, Output output)
    {
        ExpectNoArguments();
        return ClientService.ServeOld(session, _mayWrite);
    }
}
