using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Profiles;

/// <summary><c>nix profile remove</c>: removes packages from a profile.</summary>
internal sealed class ProfileRemoveCommand : ProfileCommand
{
    private readonly ElementMatchers _matchers = new();

    public override string Summary => "remove packages from a profile";

    public override string Examples => """
        # Remove a package by the name that nix profile list shows:
        $ nix profile remove hello
        # Remove all that came from one flake:
        $ nix profile remove --regex '.*nixpkgs.*'
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _matchers.Declare(grammar);
    }

    public override int Run(Session session, Output output)
    {
        var profile = Profile(session);
        var manifest = Read(session, profile);
        var names = _matchers.Match(session, manifest);
        if (names.Count == 0)
        {
            session.Log.Write(Verbosity.Warning, "No packages to remove. Use 'nix profile list' to see the current profile.");
            return 0;
        }

        foreach (var name in names)
        {
            session.Log.Write(Verbosity.Notice, $"removing '{manifest.Find(name)!.Identifier}'");
        }

        var left = manifest.Without(names);
        session.Log.Write(Verbosity.Info, $"removed {names.Count} packages, kept {left.Elements.Length} packages");
        Install(session, profile, left);
        return 0;
    }
}
