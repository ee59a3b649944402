using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Contents;
using Firn.Store.Closures;
using Firn.Store.Derivations;
using Firn.Store.Local;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;
using Firn.Store.Roots;

namespace Firn.Sessions.Stores;

/// <summary>A store, as the set of what it can do; what it cannot do ends in an error that says so.</summary>
public sealed record OpenStore(StoreReference Reference, StoreDirectory Directory) : IDisposable
{
    public IPathInfoSource Infos { get => Need(field, "look objects up"); init; }

    public IReferrerSource Referrers { get => Need(field, "list referrers"); init; }

    public IDerivationOutputs Outputs { get => Need(field, "relate derivations and outputs"); init; }

    public IDerivationSource Derivations { get => Need(field, "read derivations"); init; }

    public IDerivationSink DerivationSink { get => Need(field, "write derivations"); init; }

    public INarSource Nars { get => Need(field, "give the content of objects"); init; }

    public INarSink NarSink { get => Need(field, "take objects"); init; }

    public IContentSink Contents { get => Need(field, "take content"); init; }

    public IRealisations Realisations { get => Need(field, "remember realisations"); init; }

    public ITemporaryRoots TemporaryRoots { get => Need(field, "keep objects from being collected"); init; }

    public IGcRoots Roots { get => Need(field, "keep garbage collector roots"); init; }

    /// <summary>Among substituters, those with lower numbers are asked first.</summary>
    public int Priority { get; init; }

    /// <summary>The closure of objects in this store.</summary>
    public Closure Closure => new(Infos, Referrers, Outputs, Directory);

    /// <summary>The store on this machine's disk, or null when it is not one.</summary>
    public LocalStore? Local { get; init; }

    /// <summary>Makes a store of one that is on this machine's disk, which can do everything.</summary>
    public static OpenStore Of(StoreReference reference, LocalStore local) => new(reference, local.Directory)
    {
        Infos = local,
        Referrers = local,
        Outputs = local,
        Derivations = local,
        DerivationSink = local,
        Nars = local,
        NarSink = local,
        Contents = local,
        Realisations = local,
        TemporaryRoots = local,
        Roots = local,
        Local = local,
    };

    public void Dispose() => Local?.Dispose();

    private T Need<T>(T? part, string what)
        where T : class => part ?? throw new StoreException(StoreErrors.Unsupported, $"store '{Reference}' cannot {what}");
}
