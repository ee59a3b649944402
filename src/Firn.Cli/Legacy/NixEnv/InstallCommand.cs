using System.Globalization;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Profiles.Generations;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary><c>nix-env --install</c>: adds packages to the profile.</summary>
internal sealed class InstallCommand : NixEnvCommand
{
    private readonly PackageSourceOptions _source = new();
    private bool _keepsInstalled;
    private bool _removesAll;
    private int? _priority;

    public override string Summary => "add packages to user environment";

    public override string Examples => """
        # Install a package by its name, the newest there is:
        $ nix-env --install hello
        # Install one by where it is in an expression:
        $ nix-env --file '<nixpkgs>' --install --attr hello
        # Have the profile hold this and nothing else:
        $ nix-env --install --remove-all ./result
        """;

    protected override void DeclareOptions(Grammar grammar)
    {
        _source.Declare(grammar);
        grammar
            .Flag("preserve-installed", "Keep packages of the same name that are installed.", () => _keepsInstalled = true, 'P')
            .Flag("remove-all", "Remove all that is installed.", () => _removesAll = true, 'r')
            .Value("priority", "number", "Give the packages this priority; lower numbers win where files collide.", v =>
                _priority = int.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new UsageException("'--priority' requires an integer argument"));
    }

    protected override int Execute(Session session, Output output) => Evaluate(session, isReadOnly: false, (_, lookup) =>
    {
        var chosen = lookup.Find(_source.Source, Arguments, onlyNewest: true)
            .Where(p => !OnlyPrebuilt || Packages.IsPrebuilt(session, p)).ToList();
        foreach (var package in chosen)
        {
            if (ForcedName is not null)
            {
                package.Rename(ForcedName);
            }

            if (_priority is { } priority)
            {
                package.SetMeta("priority", priority.ToString(CultureInfo.InvariantCulture));
            }
        }

        Install(session, lookup, chosen);
        return 0;
    });

    private void Install(Session session, PackageLookup lookup, List<Package> chosen)
    {
        var names = chosen.Select(p => p.Name.Name).ToHashSet();
        var installer = new UserEnvironmentInstaller(session, session.Get<SessionSettings>().KeepEnvDerivations, Evaluation.Repairs);
        string token;
        IReadOnlyList<Package> all;
        do
        {
            token = ProfileRunner.ReadToken(Profile);
            all = _removesAll ? chosen : [.. chosen, .. Kept(session, lookup, names)];
            if (!_removesAll)
            {
                foreach (var package in chosen)
                {
                    session.Log.Write(Verbosity.Info, $"installing '{package.Name.Full}'");
                }
            }

            Packages.PrintMissing(session, chosen);
        }
        while (!IsDryRun && !installer.TryInstall(all, Profile, token));
    }

    /// <summary>Returns the installed packages that stay.</summary>
    private IEnumerable<Package> Kept(Session session, PackageLookup lookup, HashSet<string> replaced)
    {
        foreach (var package in lookup.Installed(Profile))
        {
            if (!_keepsInstalled && replaced.Contains(package.Name.Name) && !package.IsKept)
            {
                session.Log.Write(Verbosity.Info, $"replacing old '{package.Name.Full}'");
            }
            else
            {
                yield return package;
            }
        }
    }
}
