using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store.Builds;

namespace Firn.Sessions.Stores;

/// <summary>A builder that is put together when it is first needed: most commands build nothing.</summary>
internal sealed class DeferredBuilds(Func<IBuilds> make) : IBuilds
{
    private readonly Lazy<IBuilds> _builds = new(make);

    public BuildPlan Plan(IEnumerable<DerivedPath> wanted) => _builds.Value.Plan(wanted);

    public BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) =>
        _builds.Value.Build(wanted, mode, cancellation);

    public BuildResult BuildDerivation(StorePath path, Derivation derivation, BuildMode mode, CancellationToken cancellation) =>
        _builds.Value.BuildDerivation(path, derivation, mode, cancellation);

    public void Ensure(StorePath path, CancellationToken cancellation) => _builds.Value.Ensure(path, cancellation);

    public void Repair(StorePath path, CancellationToken cancellation) => _builds.Value.Repair(path, cancellation);
}
