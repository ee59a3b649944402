using System.Collections.Immutable;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Builds;
using Firn.Store.Derivations;
using Firn.Store.PathInfos;

namespace Firn.Sessions.Stores;

/// <summary>The builder of a store that cannot build: what is there already needs no building.</summary>
internal sealed class PresentBuilds(string uri, IPathInfoSource infos, IDerivationSource derivations, IDerivationOutputs outputs) : IBuilds
{
    public BuildPlan Plan(IEnumerable<DerivedPath> wanted) =>
        new([], [], [.. wanted.Where(path => Find(path) is null).Select(path => path.BasePath)], 0, 0);

    public BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) => mode == BuildMode.Normal
        ? new([.. wanted.Select(path => new KeyedBuildResult(path, new BuildResult { Status = BuildStatus.AlreadyValid, Outputs = Find(path) ?? throw Refusal() }))], 0)
        : throw Refusal();

    public BuildResult BuildDerivation(StorePath path, Derivation derivation, BuildMode mode, CancellationToken cancellation) => throw Refusal();

    public void Ensure(StorePath path, CancellationToken cancellation)
    {
        if (!infos.IsValid(path))
        {
            throw Refusal();
        }
    }

    public void Repair(StorePath path, CancellationToken cancellation) => throw Refusal();

    /// <summary>Returns the outputs that are meant if all are there; else null.</summary>
    private ImmutableSortedDictionary<string, StorePath>? Find(DerivedPath path)
    {
        var found = ImmutableSortedDictionary<string, StorePath>.Empty;
        if (path is not DerivedPath.Built built)
        {
            return infos.IsValid(path.BasePath) ? found : null;
        }

        if (built.Derivation is not SingleDerivedPath.Opaque(var derivation) || !infos.IsValid(derivation))
        {
            return null;
        }

        var known = outputs.FindOutputs(derivation);
        foreach (var name in built.Outputs.Select(derivations.Read(derivation)))
        {
            if (known.GetValueOrDefault(name) is not { } output || !infos.IsValid(output))
            {
                return null;
            }

            found = found.SetItem(name, output);
        }

        return found;
    }

    private StoreException Refusal() => new(StoreErrors.Unsupported, $"store '{uri}' cannot build");
}
