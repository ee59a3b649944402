using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;

namespace Firn.Cli.Commands.Profiles;

/// <summary><c>nix profile upgrade</c>: takes packages anew from the flakes that they came from.</summary>
internal sealed class ProfileUpgradeCommand : ProfileCommand
{
    private readonly ElementMatchers _matchers = new();
    private readonly InstallableOptions _installables = new();

    public override string Summary => "upgrade packages using their most recent flake";

    public override string Examples => """
        # Upgrade everything that has a newer version in its flake:
        $ nix profile upgrade --all
        # Upgrade one package:
        $ nix profile upgrade hello
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _installables.Declare(grammar, takesArguments: false);
        _matchers.Declare(grammar);
    }

    public override int Run(Session session, Output output)
    {
        var profile = Profile(session);
        var manifest = Read(session, profile);
        var names = _matchers.Match(session, manifest);
        if (names.Count == 0)
        {
            session.Log.Write(Verbosity.Warning, "No packages to upgrade. Use 'nix profile list' to see the current profile.");
            return 0;
        }

        var found = names.Select(n => manifest.Find(n)!).Where(e => CanUpgrade(session, e)).ToList();
        if (found.Count == 0)
        {
            session.Log.Write(Verbosity.Warning, "Found some packages but none of them could be upgraded.");
            return 0;
        }

        var newer = new List<(ProfileElement Element, FlakeInstallable Installable)>();
        foreach (var element in found)
        {
            if (Newer(session, element) is { } change)
            {
                newer.Add(change);
            }
        }

        foreach (var ((element, _), paths) in newer.Zip(Builds.Outputs(session, [.. newer.Select(n => n.Installable)])))
        {
            manifest = manifest.Replace(element with { StorePaths = [.. paths.Distinct().Order()] });
        }

        Install(session, profile, manifest);
        return 0;
    }

    private static bool CanUpgrade(Session session, ProfileElement element)
    {
        var problem = element.Source is not { } source ? "it was not added from a flake, so it can't be checked for upgrades!"
            : session.Flakes.Forms.IsLocked(session.Flakes.Parse(source.OriginalUrl).Input) ? "it was added from a locked flake reference so it can't be upgraded!"
            : null;
        if (problem is not null)
        {
            session.Log.Write(Verbosity.Warning, $"Found package '{element.Identifier}', but {problem}");
        }

        return problem is null;
    }

    /// <summary>Returns what an element becomes, or null when its flake is what it was.</summary>
    private (ProfileElement, FlakeInstallable)? Newer(Session session, ProfileElement element)
    {
        var known = element.Source!;
        var source = new FlakeSource(
            session, session.Flakes.Parse(known.OriginalUrl), _installables.Flakes.Build(session), _installables.Expressions.Evaluation, isReadOnly: false);
        var locked = source.Locked.Flake.Locked;
        var url = locked.ToText(session.Flakes.Forms);
        if (session.Flakes.Forms.IsLocked(locked.Input) && known.LockedUrl == url)
        {
            return null;
        }

        session.Log.Write(Verbosity.Info, $"upgrading '{known.AttributePath}' from flake '{known.LockedUrl}' to '{url}'");
        var outputs = known.Outputs is { } names ? OutputsSpec.Parse(string.Join(',', names)) : null;
        return (element with { Source = known with { LockedUrl = url } }, new FlakeInstallable(source, known.ToString(), [known.AttributePath], outputs));
    }
}
