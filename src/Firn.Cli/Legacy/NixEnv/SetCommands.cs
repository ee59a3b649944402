using Firn.Cli.Parsing;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Profiles.Generations;
using Firn.Profiles.Packages;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary><c>nix-env --set</c>: has the profile be one package itself, without an environment of links.</summary>
internal sealed class SetCommand : NixEnvCommand
{
    private readonly PackageSourceOptions _source = new();

    public override string Summary => "set profile to contain a specified derivation";

    public override string Examples => """
        # Have a profile be exactly this:
        $ nix-env --profile /nix/var/nix/profiles/browser --set firefox
        """;

    protected override void DeclareOptions(Grammar grammar) => _source.Declare(grammar);

    protected override int Execute(Session session, Output output) => Evaluate(session, isReadOnly: false, (_, lookup) =>
    {
        if (lookup.Find(_source.Source, Arguments, onlyNewest: true) is not [var package])
        {
            throw new UsageException("--set requires exactly one derivation");
        }

        Packages.PrintMissing(session, [package]);
        if (!IsDryRun)
        {
            var path = Packages.ToBuild(package) ?? new DerivedPath.Opaque(package.OutPath);
            session.Builder.BuildAll([path], Evaluation.Repairs ? BuildMode.Repair : BuildMode.Normal, session.Cancellation);
            session.Profiles.Set(Profile, package.OutPath);
        }

        return 0;
    });
}

/// <summary><c>nix-env --set-flag</c>: sets <c>priority</c>, <c>active</c> or <c>keep</c> of installed packages.</summary>
internal sealed class SetFlagCommand : NixEnvCommand
{
    public override string Summary => "modify meta attribute of installed packages";

    public override string Examples => """
        # Have one package's files win over another's:
        $ nix-env --set-flag priority 10 gcc
        # Hide a package without removing it:
        $ nix-env --set-flag active false firefox
        """;

    protected override int Execute(Session session, Output output)
    {
        if (Arguments is not [var flag, var value, .. var names])
        {
            throw new UsageException("not enough arguments to '--set-flag'");
        }

        var selectors = names.Select(PackageSelector.Parse).ToList();
        return Evaluate(session, isReadOnly: false, (_, lookup) =>
        {
            var installer = new UserEnvironmentInstaller(session, session.Get<SessionSettings>().KeepEnvDerivations, Evaluation.Repairs);
            string token;
            IReadOnlyList<Package> packages;
            do
            {
                token = ProfileRunner.ReadToken(Profile);
                packages = lookup.Installed(Profile);
                SelectionPlanner.CheckAllMatch(selectors, packages);
                foreach (var package in packages.Where(p => selectors.Any(s => s.Matches(p.Name))))
                {
                    session.Log.Write(Verbosity.Info, $"setting flag on '{package.Name.Full}'");
                    package.SetMeta(flag, value);
                }
            }
            while (!installer.TryInstall(packages, Profile, token));

            return 0;
        });
    }
}
