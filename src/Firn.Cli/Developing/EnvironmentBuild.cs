using System.Text;
using Firn.Building.Developing;
using Firn.Building.Planning;
using Firn.Cli.Installables;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store;
using Firn.Store.Derivations;

namespace Firn.Cli.Developing;

/// <summary>Has the environment of a derivation's build written down, by a build that does only that.</summary>
internal sealed class EnvironmentBuild(Session session)
{
    /// <summary>Returns the file that holds the environment of what an installable means.</summary>
    /// <exception cref="FirnException">It is no derivation, or cannot be built.</exception>
    public StorePath Run(Installable installable)
    {
        // What was written down before can be named itself, as a profile does.
        if (installable.DerivedPaths() is [DerivedPath.Opaque { Path: { IsDerivation: false } written }] && written.Name.EndsWith("-env", StringComparison.Ordinal))
        {
            return written;
        }

        var derivations = InstallablePaths.Derivations(session, [installable]).Distinct().ToList();
        return derivations is [var derivation] ? Build(derivation) : throw new UsageException(
            $"'{installable.What}' needs to evaluate to a single derivation, but it evaluated to {derivations.Count} derivations");
    }

    /// <summary>Reads what a build wrote down.</summary>
    public DevelopmentEnvironment Read(StorePath written) =>
        DevelopmentEnvironment.Parse(Encoding.UTF8.GetString(File.ReadAllBytes(session.Layout.RealPath(written))));

    private StorePath Build(StorePath path)
    {
        var (directory, sources) = (session.StoreDirectory, session.EvaluationStore);
        var derivation = session.Store.Derivations.Read(path);
        var script = sources.Contents.AddText(EnvironmentScript.Name, Encoding.UTF8.GetBytes(EnvironmentScript.Text), [], repair: false);
        var written = sources.DerivationSink.AddDerivation(
            EnvironmentDerivation.Of(derivation, script, directory, new DerivationHashes(session.Store.Derivations.Read, directory).Of), directory);
        session.Builder.BuildInstallables([DerivedPath.Of(written, OutputsSpec.All.Instance)], BuildMode.Normal, session.Cancellation);
        foreach (var output in session.Store.Outputs.FindOutputs(written).OrderBy(o => o.Key, Model.Text.Utf8Order.Comparer).Select(o => o.Value))
        {
            if (output is not null && new FileInfo(session.Layout.RealPath(output)) is { Exists: true, Length: > 0 })
            {
                return output;
            }
        }

        throw new StoreException(StoreErrors.NotValid, $"the build of '{directory.Absolute(written)}' wrote no environment down");
    }
}
