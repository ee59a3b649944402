using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Profiles.Generations;
using Firn.Profiles.Packages;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary><c>nix-env --upgrade</c>: replaces installed packages by newer ones.</summary>
internal sealed class UpgradeCommand : NixEnvCommand
{
    private readonly PackageSourceOptions _source = new();
    private UpgradeKind _kind = UpgradeKind.Newer;

    public override string Summary => "upgrade packages in user environment";

    public override string Examples => """
        # Upgrade what there are newer versions of:
        $ nix-env --upgrade
        # Also take other builds of the version that is installed:
        $ nix-env --upgrade --leq hello
        """;

    protected override void DeclareOptions(Grammar grammar)
    {
        _source.Declare(grammar);
        grammar
            .Flag("lt", "Only take newer versions; this is the default.", () => _kind = UpgradeKind.Newer)
            .Flag("leq", "Also take other builds of the same version.", () => _kind = UpgradeKind.NewerOrEqual)
            .Flag("eq", "Only take other builds of the same version.", () => _kind = UpgradeKind.Equal)
            .Flag("always", "Take what there is, be it older.", () => _kind = UpgradeKind.Any);
    }

    protected override int Execute(Session session, Output output) => Evaluate(session, isReadOnly: false, (_, lookup) =>
    {
        var installer = new UserEnvironmentInstaller(session, session.Get<SessionSettings>().KeepEnvDerivations, Evaluation.Repairs);
        string token;
        List<Package> packages;
        do
        {
            token = ProfileRunner.ReadToken(Profile);
            var installed = lookup.Installed(Profile);
            var available = lookup.Find(_source.Source, Arguments, onlyNewest: false);
            packages = [.. installed.Select(p => Replacement(session, p, available))];
            Packages.PrintMissing(session, packages);
        }
        while (!IsDryRun && !installer.TryInstall(packages, Profile, token));

        return 0;
    });

    private Package Replacement(Session session, Package installed, IReadOnlyList<Package> available)
    {
        if (installed.IsKept
            || UpgradePlanner.Best(installed, available, _kind, p => !OnlyPrebuilt || Packages.IsPrebuilt(session, p)) is not { } best
            || best.OutPath.Equals(installed.OutPath))
        {
            return installed;
        }

        var action = UpgradePlanner.IsUpgrade(installed, best) ? "upgrading" : "downgrading";
        session.Log.Write(Verbosity.Info, $"{action} '{installed.Name.Full}' to '{best.Name.Full}'");
        return best;
    }
}
