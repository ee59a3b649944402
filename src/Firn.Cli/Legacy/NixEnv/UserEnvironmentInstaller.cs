using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;
using Firn.Store.Derivations;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>Builds packages and the environment of links to them, and makes that a profile's newest generation.</summary>
internal sealed class UserEnvironmentInstaller(Session session, bool keepsDerivations, bool repairs)
{
    private readonly BuildMode _mode = repairs ? BuildMode.Repair : BuildMode.Normal;

    /// <summary>Does it, unless the profile has changed since <paramref name="token"/> was read; tells whether it did.</summary>
    public bool TryInstall(IReadOnlyList<Package> packages, string profile, string token)
    {
        session.Builder.BuildAll([.. packages.Select(Packages.ToBuild).OfType<DerivedPath>()], _mode, session.Cancellation);
        return TryInstall([.. packages.Select(p => p.ToElement(keepsDerivations))], profile, token);
    }

    /// <summary>Does the same with what is built already.</summary>
    public bool TryInstall(IReadOnlyList<UserEnvironmentElement> elements, string profile, string token)
    {
        var store = session.Store;
        var references = new HashSet<StorePath>();
        foreach (var element in elements)
        {
            foreach (var output in element.Outputs)
            {
                // Only needed for what is installed by its store path.
                store.TemporaryRoots.AddTemporaryRoot(output.Path);
                session.Builder.Ensure(output.Path, session.Cancellation);
                references.Add(output.Path);
            }

            if (element.Derivation is { } derivation)
            {
                references.Add(derivation);
            }
        }

        var manifest = store.Contents.AddText("env-manifest.nix", ManifestNix.Write(elements, store.Directory), references, repairs);
        var environment = UserEnvironmentDerivation.Make(elements, manifest, store.Directory);
        var path = store.DerivationSink.AddDerivation(environment, store.Directory, repairs);
        session.Builder.BuildAll([DerivedPath.Of(path, OutputsSpec.All.Instance)], _mode, session.Cancellation);
        return session.Profiles.TrySet(profile, ((DerivationOutput.InputAddressed)environment.Outputs[0].Output).Path, token);
    }
}
