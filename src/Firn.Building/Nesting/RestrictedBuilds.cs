using Firn.Building.Scheduling;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Store;
using Firn.Store.Builds;
using Firn.Store.Local;

namespace Firn.Building.Nesting;

/// <summary>Builds for a builder what it knows; what comes of it, with all that it needs, the builder sees from then on.</summary>
internal sealed class RestrictedBuilds(
    LocalStore store, DerivationSources derivations, KnownOutputs known, IBuilds builds, VisiblePaths visible) : IBuilds
{
    public BuildPlan Plan(IEnumerable<DerivedPath> wanted)
    {
        var all = wanted.ToLookup(visible.Contains);
        var plan = builds.Plan(all[true]);
        return plan with { Unknown = plan.Unknown.Union(all[false].Select(w => w.BasePath)) };
    }

    public BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation)
    {
        if (mode != BuildMode.Normal)
        {
            throw Refused("check or repair");
        }

        if (wanted.FirstOrDefault(w => !visible.Contains(w)) is { } unknown)
        {
            throw new StoreException(
                StoreErrors.NotValid, $"cannot build '{unknown.ToString(store.Directory)}' in recursive Nix because path is unknown");
        }

        var results = builds.Build(wanted, mode, cancellation);
        var built = results.Items.Where(i => i.Result.IsSuccess).ToList();
        foreach (var path in store.Closure.Of(built.SelectMany(i => i.Result.Outputs.Values)))
        {
            visible.Add(path);
        }

        foreach (var (path, result) in built)
        {
            AddRealisations(path, result.Outputs.Keys);
        }

        return results;
    }

    public BuildResult BuildDerivation(StorePath path, Derivation derivation, BuildMode mode, CancellationToken cancellation) =>
        throw Refused("build derivations that are not in the store");

    public void Ensure(StorePath path, CancellationToken cancellation)
    {
        // What it knows is valid.
        if (!visible.Contains(path))
        {
            throw new StoreException(StoreErrors.NotValid, $"cannot substitute unknown path '{store.Directory.Absolute(path)}' in recursive Nix");
        }
    }

    public void Repair(StorePath path, CancellationToken cancellation) => throw Refused("repair");

    private void AddRealisations(DerivedPath wanted, IEnumerable<string> outputs)
    {
        if (wanted is not DerivedPath.Built { Derivation: var from })
        {
            return;
        }

        var path = from is SingleDerivedPath.Built inner ? known.FindPath(inner) : from.BasePath;
        if (path is not null && derivations.IsValid(path))
        {
            var derivation = derivations.Read(path);
            foreach (var output in outputs.Order(Utf8Order.Comparer))
            {
                visible.Add(known.Id(derivation, output));
            }
        }
    }

    private static StoreException Refused(string what) => new(StoreErrors.Unsupported, $"builders cannot {what} in recursive Nix");
}
