using Firn.Building;
using Firn.Cli.Installables;
using Firn.Cli.Realising;
using Firn.Flakes.Files;
using Firn.Flakes.Locking;
using Firn.Flakes.References;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Developing;

/// <summary>Finds a bash for people to work in: the one that builders use knows neither completion nor history.</summary>
internal sealed class InteractiveBash(Session session, InstallableOptions options)
{
    private const string Attribute = "bashInteractive";

    private static readonly FlakeAttributes _packages = new([], ["legacyPackages.SYSTEM."]);

    /// <summary>Returns the path of the program, from the Nixpkgs that what is worked on uses; null when there is none, of which the log is told.</summary>
    public string? Find(Installable installable)
    {
        try
        {
            var nixpkgs = Nixpkgs(installable);
            var lockOptions = options.Flakes.Build(session) with { Overrides = new LockOptions().Overrides, Updates = [] };
            var source = new FlakeSource(session, nixpkgs, lockOptions, options.Expressions.Evaluation, isReadOnly: false);
            var bash = new FlakeInstallable(source, $"{source.Name}#{Attribute}", _packages.PathsOf(Attribute, session.Get<BuildSettings>().System), null);
            foreach (var path in Builds.StorePaths(session, [bash], wantsDerivations: false))
            {
                if (Path.Exists($"{session.Layout.RealPath(path)}/bin/bash"))
                {
                    return $"{session.StoreDirectory.Absolute(path)}/bin/bash";
                }
            }

            throw new CommandException($"package 'nixpkgs#{Attribute}' does not provide a 'bin/bash'");
        }
        catch (FirnException e)
        {
            session.Log.Write(Verbosity.Warning, $"the shell is 'bash' from PATH, as there is no 'nixpkgs#{Attribute}': {e.Diagnostic.Message}");
            return null;
        }
    }

    private FlakeReference Nixpkgs(Installable installable) =>
        installable is FlakeInstallable flake && flake.Source.Locked.Lock.Find(InputPath.Top.Append("nixpkgs"))?.Locked is { } input
            ? input.Reference
            : session.Flakes.Parse("flake:nixpkgs");
}
