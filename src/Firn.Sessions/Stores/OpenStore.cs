using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Local;

namespace Firn.Sessions.Stores;

/// <summary>A store that a reference led to.</summary>
public sealed record OpenStore(StoreReference Reference, StoreDirectory Directory) : StoreParts(Reference.ToText(), Directory), IDisposable
{
    /// <summary>Among substituters, those with lower numbers are asked first.</summary>
    public int Priority { get; init; }

    /// <summary>Whether it may be asked about many objects that perhaps nobody wants.</summary>
    public bool WantsMassQuery { get; init; }

    /// <summary>Finds how an object is kept in a binary cache; null in other stores.</summary>
    public Func<StorePath, NarInfo?>? FindNarInfo { get; init; }

    /// <summary>Tells how many bytes of an object come over the wire; 0 when that is not known.</summary>
    public long DownloadSize(StorePath path) => FindNarInfo?.Invoke(path)?.FileSize ?? 0;

    /// <summary>The store on this machine's disk, or null when it is not one.</summary>
    public LocalStore? Local { get; init; }

    /// <summary>What is to be disposed with it.</summary>
    public IDisposable? Owned { get; init; }

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
        Collector = local,
        Signatures = local,
        Logs = new LocalLogs(local),
        HasFilesHere = true,
        Local = local,
        Owned = local,
    };

    public void Dispose() => Owned?.Dispose();
}
