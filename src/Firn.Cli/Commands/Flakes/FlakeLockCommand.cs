using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary><c>nix flake lock</c>: writes down what the inputs are that are not locked yet.</summary>
internal sealed class FlakeLockCommand : FlakeCommand
{
    public override string Summary => "create missing lock file entries";

    public override string Examples => """
        # Lock what is new in flake.nix:
        $ nix flake lock
        # Have one input's input be another:
        $ nix flake lock --override-input home-manager/nixpkgs github:NixOS/nixpkgs/nixos-unstable
        """;

    public override void SetDefaults(CommonOptions options)
    {
        base.SetDefaults(options);
        options.Set("tarball-ttl", "0");
    }

    public override int Run(Session session, Output output)
    {
        Options.Set(o => o with { Writes = true, RefusesUnlocked = true });
        _ = Source(session).Locked;
        return 0;
    }
}

/// <summary><c>nix flake update</c>: looks all inputs up anew, or some.</summary>
internal sealed class FlakeUpdateCommand : FlakeCommand
{
    private readonly List<string> _inputs = [];

    public override string Summary => "update flake lock file";

    public override string Examples => """
        # Update all inputs:
        $ nix flake update
        # Only one, and an input of another:
        $ nix flake update nixpkgs home-manager/nixpkgs
        # And commit the lock file:
        $ nix flake update --commit-lock-file
        """;

    public override void SetDefaults(CommonOptions options)
    {
        base.SetDefaults(options);
        options.Set("tarball-ttl", "0");
    }

    public override void Declare(Grammar grammar)
    {
        Evaluation.Declare(grammar);
        Options.Declare(grammar);
        grammar
            .Value("flake", "flake-url", "The flake to operate on. Default is the current directory.", v => Url = v)
            .Rest("inputs", _inputs.Add);
    }

    public override int Run(Session session, Output output)
    {
        foreach (var input in _inputs)
        {
            try
            {
                var path = FlakeOptions.ParsePath(input, "input path to be updated cannot be zero-length; it would refer to the flake itself, not an input");
                Options.Set(o => o with { Updates = o.Updates.Add(path) });
            }
            catch (UsageException)
            {
                session.Log.Write(
                    Verbosity.Warning, $"Invalid flake input '{input}'. To update a specific flake, use 'nix flake update --flake {input}' instead.");
                throw;
            }
        }

        Options.Set(o => o with { Writes = true, StartsAnew = o.Updates.IsEmpty });
        _ = Source(session).Locked;
        return 0;
    }
}
