using Firn.Building.Scheduling;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Builds;
using Firn.Store.Collecting;
using Firn.Store.Contents;
using Firn.Store.Derivations;
using Firn.Store.Local;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;
using Firn.Store.Roots;

namespace Firn.Building.Nesting;

/// <summary>The store as a builder gets it that works with the store itself: what it may see, and what it adds.</summary>
/// <remarks>Nothing that differs from machine to machine shows: no times, no signatures, no derivers, no roots.</remarks>
public sealed class RestrictedStore :
    IPathInfoSource, IReferrerSource, IDerivationOutputs, INarSource, INarSink, IContentSink, IRealisations, ITemporaryRoots, IGcRoots, IGarbageCollector
{
    private readonly LocalStore _store;
    private readonly IDerivationOutputs _outputs;
    private readonly VisiblePaths _visible;

    private RestrictedStore(LocalStore store, IDerivationOutputs outputs, VisiblePaths visible) => (_store, _outputs, _visible) = (store, outputs, visible);

    /// <summary>Makes it.</summary>
    /// <param name="store">The whole store.</param>
    /// <param name="derivations">Where derivations are read.</param>
    /// <param name="builds">Builds in the whole store.</param>
    /// <param name="visible">What of it may be seen; grows with what is added.</param>
    public static StoreParts Open(LocalStore store, DerivationSources derivations, IBuilds builds, VisiblePaths visible)
    {
        var known = new KnownOutputs(store, derivations, allowsContentAddressing: true);
        var restricted = new RestrictedStore(store, new RealisedOutputs(store, derivations), visible);
        return new StoreParts("recursive", store.Directory)
        {
            Infos = restricted,
            Referrers = restricted,
            Outputs = restricted,
            // Results are told with what realisations know outputs by, which follows from all that a derivation needs.
            Derivations = derivations,
            Nars = restricted,
            NarSink = restricted,
            Contents = restricted,
            Realisations = restricted,
            TemporaryRoots = restricted,
            Roots = restricted,
            Collector = restricted,
            Builds = new RestrictedBuilds(store, derivations, known, builds, visible),
        };
    }

    public PathInfo? Find(StorePath path) => _visible.Contains(path) && _store.Find(path) is { } info
        ? info with { Deriver = null, RegistrationTime = 0, IsUltimate = false, Signatures = [] }
        : null;

    public bool IsValid(StorePath path) => _visible.Contains(path) && _store.IsValid(path);

    public IEnumerable<StorePath> ListAll() => _visible.All;

    public StorePath? FindByDigest(string digest) => throw Refused("find objects by parts of their paths");

    public IReadOnlyList<StorePath> FindReferrers(StorePath path) => [];

    public IReadOnlyList<StorePath> FindDerivers(StorePath output) => [];

    public IReadOnlyDictionary<string, StorePath?> FindOutputs(StorePath derivation)
    {
        Need(derivation, "query output map for");
        return _outputs.FindOutputs(derivation);
    }

    public void WriteNar(StorePath path, Stream output)
    {
        Need(path, "dump");
        _store.WriteNar(path, output);
    }

    public void Add(PathInfo info, Stream nar, NarImport import)
    {
        _store.Add(info, nar, import with { Repair = false, ChecksSignatures = true });
        _visible.Add(info.Path);
    }

    public StorePath AddFromDisk(string name, string source, ContentOptions options) => Show(_store.AddFromDisk(name, source, options));

    public StorePath AddFromNar(string name, Stream nar, ContentOptions options) => Show(_store.AddFromNar(name, nar, options));

    public StorePath AddText(string name, ReadOnlyMemory<byte> content, IEnumerable<StorePath> references, bool repair) =>
        Show(_store.AddText(name, content, references, repair));

    public Realisation? Find(DrvOutput output) => _visible.Contains(output) ? _store.Find(output) : null;

    public void Register(Realisation realisation) => throw Refused("register realisations");

    // What it adds lives as long as the build, which keeps it anyway.
    public void AddTemporaryRoot(StorePath path) { }

    public void AddPermanentRoot(StorePath path, string link) => throw Refused("make roots");

    public void AddIndirectRoot(string link) { }

    public IEnumerable<GcRoot> ListRoots() => [];

    public GcResult CollectGarbage(GcAction action, CancellationToken cancellationToken) => new([], 0);

    private StorePath Show(StorePath path)
    {
        _visible.Add(path);
        return path;
    }

    private void Need(StorePath path, string what)
    {
        if (!_visible.Contains(path))
        {
            throw new StoreException(StoreErrors.NotValid, $"cannot {what} unknown path '{_store.Directory.Absolute(path)}' in recursive Nix");
        }
    }

    private static StoreException Refused(string what) => new(StoreErrors.Unsupported, $"builders cannot {what} in recursive Nix");
}
