using Firn.Building;
using Firn.Building.Running;
using Firn.Cli.Installables;
using Firn.Cli.Rendering;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Realising;

/// <summary>Builds for commands: says what is missing, builds it, and tells where the outputs are.</summary>
internal static class Builds
{
    /// <summary>Says what has to be built or fetched for this.</summary>
    public static BuildPlan PrintMissing(Session session, IReadOnlyList<DerivedPath> paths, Verbosity level = Verbosity.Info)
    {
        var missing = session.FindMissing(paths);
        void List(string heading, IEnumerable<StorePath> listed)
        {
            session.Log.Write(level, heading);
            foreach (var path in listed)
            {
                session.Log.Write(level, "  " + session.StoreDirectory.Absolute(path));
            }
        }

        if (missing.WillBuild.Length > 0)
        {
            List(
                missing.WillBuild.Length == 1 ? "this derivation will be built:" : $"these {missing.WillBuild.Length} derivations will be built:",
                missing.WillBuild);
        }

        if (missing.WillSubstitute.Count > 0)
        {
            var sizes = $"({SizeText.Render(missing.DownloadSize)} download, {SizeText.Render(missing.NarSize)} unpacked)";
            List(
                missing.WillSubstitute.Count == 1 ? $"this path will be fetched {sizes}:" : $"these {missing.WillSubstitute.Count} paths will be fetched {sizes}:",
                missing.WillSubstitute.OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p));
        }

        if (missing.Unknown.Count > 0)
        {
            List($"don't know how to build these paths{(session.IsReadOnly ? " (may be caused by read-only store access)" : "")}:", missing.Unknown);
        }

        return missing;
    }

    /// <summary>Builds, after saying what, unless the settings want that unsaid.</summary>
    /// <exception cref="BuildException">Not all could be built.</exception>
    public static void Run(Session session, IReadOnlyList<DerivedPath> paths, BuildMode mode)
    {
        Announce(session, paths);
        session.Builder.BuildAll(paths, mode, session.Cancellation);
    }

    /// <summary>Does so for the subcommands of <c>nix</c>, which end with status 1 whatever failed.</summary>
    /// <exception cref="BuildException">Not all could be built.</exception>
    public static BuildResults RunInstallables(Session session, IReadOnlyList<DerivedPath> paths, BuildMode mode, DebugShell? debugShell = null)
    {
        Announce(session, paths);
        var builder = debugShell is null ? session.Builder : session.DebuggingBuilder(debugShell);
        return builder.BuildInstallables(paths, mode, session.Cancellation);
    }

    /// <summary>Builds, and returns the objects that are meant.</summary>
    public static IReadOnlyList<StorePath> StorePaths(Session session, IReadOnlyList<Installable> installables, bool wantsDerivations)
    {
        if (wantsDerivations)
        {
            return [.. InstallablePaths.Derivations(session, installables)];
        }

        return [.. Outputs(session, installables).SelectMany(outputs => outputs)];
    }

    /// <summary>Builds, and returns the objects that each installable means.</summary>
    public static IReadOnlyList<IReadOnlyList<StorePath>> Outputs(Session session, IReadOnlyList<Installable> installables)
    {
        var results = RunInstallables(session, [.. installables.SelectMany(i => i.DerivedPaths())], BuildMode.Normal);
        // What an impure build made is known from the build alone.
        IEnumerable<StorePath> Of(DerivedPath path) => results.Items.FirstOrDefault(i => i.Path.Equals(path)) is { Result.Outputs: { Count: > 0 } outputs }
            ? outputs.Values
            : InstallablePaths.OutputsOf(session.Store, path);
        return [.. installables.Select(installable => (IReadOnlyList<StorePath>)[.. installable.DerivedPaths().SelectMany(Of)])];
    }

    private static void Announce(Session session, IReadOnlyList<DerivedPath> paths)
    {
        if (session.Get<BuildSettings>().PrintMissing)
        {
            PrintMissing(session, paths);
        }
    }
}
