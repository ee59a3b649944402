using Firn.Store.Builds;
using Firn.Store.Local;
using Firn.Store.Upkeep;

namespace Firn.Sessions.Stores;

/// <summary>Keeps a store on this disk in order; what is damaged is fetched or built anew.</summary>
internal sealed class LocalUpkeep(LocalStore store, IBuilds builds) : IStoreUpkeep
{
    public bool Verify(bool checksContents, bool repairs, CancellationToken cancellationToken) =>
        store.Verify(checksContents, repairs ? path => builds.Repair(path, cancellationToken) : null, cancellationToken);

    public void Optimise(CancellationToken cancellationToken) => store.Optimise(cancellationToken);
}
