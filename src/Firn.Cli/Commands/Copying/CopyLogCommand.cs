using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Sessions;
using Firn.Store;

namespace Firn.Cli.Commands.Copying;

/// <summary><c>nix store copy-log</c>: copies what builds printed between stores.</summary>
internal sealed class CopyLogCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private readonly CopyStores _stores = new();

    public override string Summary => "copy build logs between Nix stores";

    public override string Examples => """
        # Put the log of a build into a cache, for nix log to find it there:
        $ nix store copy-log --to file:///mnt/cache ./result
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        _stores.Declare(grammar);
    }

    public override int Run(Session session, Output output)
    {
        _stores.Check();
        using (_stores)
        {
            var (from, to) = (_stores.Source(session).Logs, _stores.Target(session).Logs);
            foreach (var derivation in InstallablePaths.Derivations(session, _installables.Parse(session)).Distinct())
            {
                using var log = from.FindLog(derivation) ?? throw new StoreException(
                    StoreErrors.NotValid, $"build log for '{session.StoreDirectory.Absolute(derivation)}' is not available");
                to.AddLog(derivation, log);
            }

            return 0;
        }
    }
}
