using Firn.Cli.Parsing;
using Firn.Sessions;
using Firn.Store;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --check-validity</c>: fails unless all objects are valid.</summary>
internal sealed class CheckValidityCommand : NixStoreCommand
{
    private bool _prints;

    public override string Summary => "check that store paths are valid";

    protected override void DeclareOptions(Grammar grammar) =>
        grammar.Flag("print-invalid", "Print the paths that are not valid instead of failing.", () => _prints = true);

    protected override int Execute(Session session, Output output)
    {
        foreach (var path in Paths(session).Where(p => !session.Store.Infos.IsValid(p)))
        {
            if (!_prints)
            {
                throw StoreException.NotValid(path, session.StoreDirectory);
            }

            output.Line(session.StoreDirectory.Absolute(path));
        }

        return 0;
    }
}

/// <summary><c>nix-store --init</c>: opens the store, which makes it where there is none.</summary>
internal sealed class InitCommand : NixStoreCommand
{
    public override string Summary => "initialise the Nix store";

    protected override int Execute(Session session, Output output)
    {
        ExpectNoArguments();
        _ = session.Store;
        return 0;
    }
}
