using Firn.Archive.Hashing;
using Firn.Archive.Trees;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Store.Closures;
using Firn.Store.Collecting;
using Firn.Store.Contents;
using Firn.Store.Derivations;
using Firn.Store.Local.Adding;
using Firn.Store.Local.Collecting;
using Firn.Store.Local.Database;
using Firn.Store.Local.Optimising;
using Firn.Store.Local.Rooting;
using Firn.Store.Local.Verifying;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;
using Firn.Store.Roots;

namespace Firn.Store.Local;

/// <summary>A store on this machine's disk, laid out as C++ Nix lays it out; safe for many threads and processes.</summary>
public sealed class LocalStore :
    IPathInfoSource, IReferrerSource, IDerivationOutputs, IDerivationSource, IDerivationSink,
    INarSource, INarSink, IContentSink, IRealisations, ITemporaryRoots, IGcRoots, IGarbageCollector, ISignatureSink, IDisposable
{
    private readonly FileHandle? _bigLock;
    private readonly StoreWriter _writer;
    private readonly ContentWriter _contents;
    private readonly DerivationWriter _derivations;
    private readonly DerivationCheck _check;
    private readonly NarImporter _importer;
    private readonly StoreOptimiser _optimiser;
    private readonly AutoCollector _autoCollector;

    private LocalStore(
        StoreLayout layout, LocalStoreSettings settings, LocalStoreOptions options, IMessageLog log, TimeProvider time,
        StoreDatabase database, FileHandle? bigLock)
    {
        (Layout, Settings, Options, Log, Database, _bigLock) = (layout, settings, options, log, database, bigLock);
        TemporaryRoots = new TemporaryRoots(layout, options.IsReadOnly, log);
        Links = new GcRootLinks(layout, database.IsValid, log);
        _optimiser = new StoreOptimiser(layout, settings, log);
        _autoCollector = new AutoCollector(this, time);
        _writer = new StoreWriter(layout, settings, database, TemporaryRoots, _optimiser, log)
        {
            MakeRoom = () => _autoCollector.CollectIfNeeded(CancellationToken.None),
        };
        _check = new DerivationCheck(layout);
        _contents = new ContentWriter(_writer, settings, _check);
        _derivations = new DerivationWriter(layout, database, TemporaryRoots, _writer);
        _importer = new NarImporter(_writer, _check, settings.RequireSigs, options.TrustedKeys);
        Closure = new Closure(this, layout.Directory);
    }

    public StoreLayout Layout { get; }

    public LocalStoreSettings Settings { get; }

    /// <summary>The directory that paths are spelled with.</summary>
    public StoreDirectory Directory => Layout.Directory;

    /// <summary>Finds what can be reached from objects here.</summary>
    public Closure Closure { get; }

    internal LocalStoreOptions Options { get; }

    internal IMessageLog Log { get; }

    internal StoreDatabase Database { get; }

    internal TemporaryRoots TemporaryRoots { get; }

    internal GcRootLinks Links { get; }

    /// <summary>Opens the store, and makes it where there is none.</summary>
    /// <exception cref="StoreException">It cannot be used by this program or this user.</exception>
    public static LocalStore Open(
        StoreLayout layout, LocalStoreSettings settings, LocalStoreOptions options, IMessageLog log, TimeProvider time)
    {
        var (database, bigLock) = new StoreOpening(layout, settings, options, log, time).Open();
        return new LocalStore(layout, settings, options, log, time, database, bigLock);
    }

    public PathInfo? Find(StorePath path) => Database.Find(path);

    public bool IsValid(StorePath path) => Database.IsValid(path);

    public IEnumerable<StorePath> ListAll() => Database.ListAll();

    /// <summary>Lists what was registered after a row of the database, in order, and tells the last row there is.</summary>
    public (IReadOnlyList<StorePath> Paths, long Last) ListAddedAfter(long row) => Database.ListAddedAfter(row);

    public StorePath? FindByDigest(string digest) => Database.FindByDigest(digest);

    public IReadOnlyList<StorePath> FindReferrers(StorePath path) => Database.FindReferrers(path);

    public IReadOnlyList<StorePath> FindDerivers(StorePath output) => Database.FindDerivers(output);

    /// <summary>Returns the outputs of a valid derivation by name; null stands for a path that is not known yet.</summary>
    public IReadOnlyDictionary<string, StorePath?> FindOutputs(StorePath derivation)
    {
        var known = Database.FindOutputs(derivation) ?? throw StoreException.NotValid(derivation, Directory);
        var outputs = new SortedDictionary<string, StorePath?>(Model.Text.Utf8Order.Comparer);
        // The database has only paths that are known before the build: others follow from what was built.
        if (known.Count == 0)
        {
            var read = Read(derivation);
            var hashes = Options.HasRealisations ? _check.HashesOf(read) : null;
            foreach (var output in read.Outputs)
            {
                outputs[output.Name] = hashes?.Find(output.Name) is { } hash ? Find(new DrvOutput(hash, output.Name))?.OutputPath : null;
            }
        }

        foreach (var (name, path) in known)
        {
            outputs[name] = path;
        }

        return outputs;
    }

    public Derivation Read(StorePath path) => IsValid(path)
        ? _check.Read(path, Layout.RealPath(path))
        : throw StoreException.NotValid(path, Directory);

    public void AddDerivations(IReadOnlyList<DerivationFile> files, bool repair) => _derivations.Add(files, repair);

    public void WriteNar(StorePath path, Stream output)
    {
        if (!IsValid(path))
        {
            throw StoreException.NotValid(path, Directory);
        }

        TreeDumper.WriteNar(Layout.RealPath(path), output);
    }

    public void Add(PathInfo info, Stream nar, NarImport import) => _importer.Add(info, nar, import);

    public StorePath AddFromDisk(string name, string source, ContentOptions options) => _contents.AddFromDisk(name, source, options);

    public StorePath AddFromNar(string name, Stream nar, ContentOptions options) => _contents.AddFromNar(name, nar, options);

    public StorePath AddText(string name, ReadOnlyMemory<byte> content, IEnumerable<StorePath> references, bool repair) =>
        _contents.AddText(name, content, references, repair);

    public Realisation? Find(DrvOutput output) => Database.FindRealisation(output);

    /// <summary>Lists of which outputs of content-addressed derivations an object is known to be.</summary>
    public IReadOnlyList<Realisation> ListRealisations(StorePath output) => Database.ListRealisations(output);

    public void Register(Realisation realisation) => Database.RegisterRealisation(realisation);

    public void AddTemporaryRoot(StorePath path)
    {
        if (!Options.IsReadOnly)
        {
            TemporaryRoots.Add([path]);
            _autoCollector.Watch();
        }
    }

    public void AddPermanentRoot(StorePath path, string link)
    {
        // Kept from the moment that the link is made: a collector may be running.
        AddTemporaryRoot(path);
        Links.AddPermanent(path, link);
    }

    public void AddIndirectRoot(string link) => Links.AddIndirect(Path.GetFullPath(link));

    public IEnumerable<GcRoot> ListRoots() =>
        [.. Links.List(), .. Links.ListTemporary(), .. RuntimeRoots.List(Directory).Where(r => IsValid(r.Path))];

    /// <summary>Makes objects valid that are in place with canonical metadata, all or none.</summary>
    /// <remarks>Also updates what is known about those that are valid already.</remarks>
    /// <exception cref="StoreException">One refers to an object that is not valid, or claims what is not so.</exception>
    public void RegisterValidPaths(IEnumerable<PathInfo> infos)
    {
        var registrations = new List<Registration>();
        foreach (var info in infos)
        {
            if (info.ContentAddress is not null && !info.IsContentAddressed(Directory))
            {
                throw NarImporter.NotContentAddressed(info, Directory);
            }

            registrations.Add(new Registration(info, _check.Outputs(info.Path, Layout.RealPath(info.Path))));
        }

        Database.Register(registrations);
    }

    /// <summary>Makes an object not valid; its files stay.</summary>
    /// <exception cref="StoreException">Another object refers to it.</exception>
    public void Invalidate(StorePath path) => Database.Invalidate([path]);

    /// <summary>Tells whether an object would be taken from somebody who is not trusted: it is signed, or names its own content.</summary>
    public bool Trusts(PathInfo info) => _importer.Trusts(info);

    public void AddSignatures(StorePath path, IEnumerable<string> signatures) => Database.AddSignatures(path, signatures);

    /// <summary>Tells whether an object's content has the hash that is recorded for it.</summary>
    /// <exception cref="StoreException">It is not valid.</exception>
    public bool HasGoodContent(StorePath path)
    {
        var info = this.Get(path, Directory);
        return PathStatus.Exists(Layout.RealPath(path)) && PathHash.OfNar(Layout.RealPath(path)).Hash.Equals(info.NarHash);
    }

    /// <summary>Runs <paramref name="work"/> with a folder in the store that no collector removes meanwhile.</summary>
    public T WithTemporaryFolder<T>(Func<string, T> work) => _writer.WithTemporaryFolder(work);

    /// <summary>Links the files of an object that is in place, if the settings ask for it.</summary>
    public void OptimiseAdded(StorePath path, bool repair) => _optimiser.OptimiseAdded(Layout.RealPath(path), repair);

    /// <summary>Links all equal files of valid objects.</summary>
    /// <remarks>Of an overlay: removes those that the store below has as well.</remarks>
    public OptimiseResult Optimise(CancellationToken cancellationToken)
    {
        var result = OptimiseAll(cancellationToken);
        Log.Write(Verbosity.Info, $"{LinkCleaner.Size(result.Bytes)} freed by hard-linking {result.Files} files");
        return result;
    }

    private OptimiseResult OptimiseAll(CancellationToken cancellationToken)
    {
        if (Options.Overlay is { } overlay)
        {
            var result = new OptimiseResult();
            foreach (var path in ListAll().Where(overlay.Lower.IsValid))
            {
                cancellationToken.ThrowIfCancellationRequested();
                result.Add(overlay.Delete(Layout, path.ToString()));
            }

            overlay.RemountIfNeeded(Layout, Log);
            return result;
        }

        return _optimiser.OptimiseAll(
            ListAll(),
            path =>
            {
                AddTemporaryRoot(path);
                return IsValid(path);
            },
            cancellationToken);
    }

    public GcResult CollectGarbage(GcAction action, CancellationToken cancellationToken) => GcRunner.Run(this, action, cancellationToken);

    /// <summary>Collects garbage if the settings ask for it at the space that is left now.</summary>
    public void CollectIfNeeded(CancellationToken cancellationToken) => _autoCollector.CollectIfNeeded(cancellationToken);

    /// <summary>Checks that all valid objects exist and, if asked for, that they are as they were added.</summary>
    /// <param name="checksContents">Whether to read them all.</param>
    /// <param name="repair">Makes a damaged object anew; null when nothing is to be repaired.</param>
    /// <param name="cancellationToken">Ends the work between two objects.</param>
    /// <returns>Whether something is wrong and stays so.</returns>
    public bool Verify(bool checksContents, Action<StorePath>? repair, CancellationToken cancellationToken) =>
        new StoreVerifier(this, repair).Run(checksContents, cancellationToken);

    public void Dispose()
    {
        _autoCollector.Dispose();
        TemporaryRoots.Dispose();
        Database.Dispose();
        _bigLock?.Dispose();
        Options.Overlay?.Lower.Dispose();
    }
}
