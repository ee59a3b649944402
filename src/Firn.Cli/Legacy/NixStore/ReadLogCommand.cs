using Firn.Sessions;
using Firn.Store;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --read-log</c>: prints what builds printed.</summary>
internal sealed class ReadLogCommand : NixStoreCommand
{
    public override string Summary => "print build log of given store paths";

    protected override int Execute(Session session, Output output)
    {
        foreach (var path in Paths(session))
        {
            using var log = session.Store.Logs.FindLog(path) ?? throw new StoreException(
                StoreErrors.NotValid, $"build log of derivation '{session.StoreDirectory.Absolute(path)}' is not available");
            log.CopyTo(output.Stream);
        }

        return 0;
    }
}
