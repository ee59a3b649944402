using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store;

namespace Firn.Daemon.Server;

/// <summary>Fetches what other stores have of some objects; what they lack is left.</summary>
internal static class Substitution
{
    public static void Try(StoreParts store, IReadOnlyCollection<StorePath> paths, CancellationToken cancellation)
    {
        var missing = paths.Where(p => !p.IsDerivation && !store.Infos.IsValid(p)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var plan = store.Builds.Plan([.. missing.Select(p => new DerivedPath.Opaque(p))]);
        var fetched = missing.Where(plan.WillSubstitute.Contains).Select(DerivedPath (p) => new DerivedPath.Opaque(p)).ToList();
        if (fetched.Count > 0)
        {
            store.Builds.Build(fetched, BuildMode.Normal, cancellation);
        }
    }
}
