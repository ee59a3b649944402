using Firn.Model.StorePaths;
using Firn.Store.Builds;
using Firn.Store.Closures;
using Firn.Store.Collecting;
using Firn.Store.Contents;
using Firn.Store.Derivations;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;
using Firn.Store.Roots;
using Firn.Store.Upkeep;

namespace Firn.Store;

/// <summary>A store, as the set of what it can do; what it cannot do ends in an error that says so.</summary>
/// <param name="Uri">How a person knows it.</param>
/// <param name="Directory">The directory that paths are spelled with.</param>
public record StoreParts(string Uri, StoreDirectory Directory)
{
    public IPathInfoSource Infos { get => Need(field, "look objects up"); init; }

    public IReferrerSource Referrers { get => Need(field, "list referrers"); init; }

    public IDerivationOutputs Outputs { get => Need(field, "relate derivations and outputs"); init; }

    public IDerivationSource Derivations { get => Need(field, "read derivations"); init; }

    public IDerivationSink DerivationSink { get => Need(field, "write derivations"); init; }

    public INarSource Nars { get => Need(field, "give the content of objects"); init; }

    public INarSink NarSink { get => Need(field, "take objects"); init; }

    public IContentSink Contents { get => Need(field, "take content"); init; }

    public IRealisations Realisations
    {
        get => Need(field, "remember realisations");
        init => (field, HasRealisations) = (value, true);
    }

    /// <summary>Whether it can remember realisations.</summary>
    public bool HasRealisations { get; private init; }

    public ITemporaryRoots TemporaryRoots
    {
        get => Need(field, "keep objects from being collected");
        init => (field, HasTemporaryRoots) = (value, true);
    }

    /// <summary>Whether it can keep objects from being collected while this process works with them.</summary>
    public bool HasTemporaryRoots { get; private init; }

    public IGcRoots Roots
    {
        get => Need(field, "keep garbage collector roots");
        init => (field, HasRoots) = (value, true);
    }

    /// <summary>Whether it can keep objects from being collected as long as a link leads to them.</summary>
    public bool HasRoots { get; private init; }

    public IBuilds Builds { get => Need(field, "build"); init; }

    public IGarbageCollector Collector { get => Need(field, "collect garbage"); init; }

    public IStoreUpkeep Upkeep { get => Need(field, "be checked as a whole"); init; }

    public ISignatureSink Signatures { get => Need(field, "take signatures"); init; }

    public IBuildLogs Logs
    {
        get => Need(field, "keep build logs");
        init => (field, HasLogs) = (value, true);
    }

    /// <summary>Whether it can keep build logs.</summary>
    public bool HasLogs { get; private init; }

    /// <summary>Tells of the one who answers for the store, where it is not this process.</summary>
    public IStoreConnection? Connection { get; init; }

    /// <summary>Whether its objects are files of this machine, at the paths that they are spelled with.</summary>
    public bool HasFilesHere { get; init; }

    /// <summary>The closure of objects in this store.</summary>
    public Closure Closure => new(Infos, Directory);

    /// <summary>What objects of this store are reached from.</summary>
    public ReferrerClosure ReferrerClosure => new(Infos, Referrers, Outputs);

    private T Need<T>(T? part, string what)
        where T : class => part ?? throw new StoreException(StoreErrors.Unsupported, $"store '{Uri}' cannot {what}");
}
