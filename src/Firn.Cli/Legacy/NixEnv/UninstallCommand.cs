using Firn.Model.Diagnostics;
using Firn.Profiles.Generations;
using Firn.Profiles.Packages;
using Firn.Sessions;
using Firn.Sessions.Configuration;
using Firn.Sessions.Stores;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary><c>nix-env --uninstall</c>: takes packages out of the profile.</summary>
internal sealed class UninstallCommand : NixEnvCommand
{
    public override string Summary => "remove packages from user environment";

    protected override int Execute(Session session, Output output) => Evaluate(session, isReadOnly: false, (_, lookup) =>
    {
        var installer = new UserEnvironmentInstaller(session, session.Get<SessionSettings>().KeepEnvDerivations, Evaluation.Repairs);
        string token;
        List<Package> packages;
        do
        {
            token = ProfileRunner.ReadToken(Profile);
            packages = [.. lookup.Installed(Profile)];
            foreach (var selector in Arguments)
            {
                Remove(session, packages, selector);
            }
        }
        while (!IsDryRun && !installer.TryInstall(packages, Profile, token));

        return 0;
    });

    private static void Remove(Session session, List<Package> packages, string selector)
    {
        var removed = packages.FindAll(Matching(session, selector));
        if (removed.Count == 0)
        {
            session.Log.Write(Verbosity.Warning, $"selector '{selector}' matched no installed derivations");
        }

        foreach (var package in removed)
        {
            session.Log.Write(Verbosity.Info, $"uninstalling '{package.Name.Full}'");
            packages.Remove(package);
        }
    }

    private static Predicate<Package> Matching(Session session, string selector)
    {
        if (selector.Contains('/'))
        {
            var path = StorePathLookup.Follow(session.StoreDirectory, selector);
            return package => package.OutPath.Equals(path);
        }

        var parsed = PackageSelector.Parse(selector);
        return package => parsed.Matches(package.Name);
    }
}
