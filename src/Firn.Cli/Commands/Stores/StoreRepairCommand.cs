using Firn.Cli.Installables;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store repair</c>: makes objects anew, from other stores or by building them.</summary>
internal sealed class StoreRepairCommand : StorePathsCommand
{
    public override string Summary => "repair store paths";

    public override string Examples => """
        # Make anew what a program consists of:
        $ nix store repair -r ./result
        """;

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        foreach (var path in paths)
        {
            session.Store.Builds.Repair(path, session.Cancellation);
        }

        return 0;
    }
}
