using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Daemon.Operations;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Collecting;
using Firn.Store.Contents;
using Firn.Store.Copying;
using Firn.Store.Derivations;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;
using Firn.Store.Roots;
using Firn.Store.Upkeep;

namespace Firn.Daemon.Client;

/// <summary>A store that a daemon answers for, on this machine or behind ssh; safe for many threads.</summary>
public sealed class DaemonStore :
    IPathInfoSource, ISubstitutingSource, IReferrerSource, IDerivationOutputs, IDerivationSource, IDerivationSink, INarSource, INarSink, IManyNarSink,
    IContentSink, IRealisations, ITemporaryRoots, IGarbageCollector, IStoreUpkeep, ISignatureSink, IStoreConnection, IDisposable
{
    // So many derivations go in one request: enough to forget the way there and back, and few enough to stay small.
    private const int DerivationBatch = 256;

    private readonly IDaemonChannel _channel;
    private readonly ConnectionPool<DaemonConnection> _pool;
    private readonly DaemonTerms _terms;

    /// <param name="channel">The way to the daemon.</param>
    /// <param name="terms">What is agreed for each connection.</param>
    public DaemonStore(IDaemonChannel channel, DaemonTerms terms)
    {
        (_channel, _terms) = (channel, terms);
        _pool = new ConnectionPool<DaemonConnection>(Open);
    }

    public string? Version => _pool.Use(c => c.DaemonVersion);

    public bool? TrustsUs => _pool.Use(c => c.TrustsUs);

    public void Connect() => _pool.Use(_ => { });

    public PathInfo? Find(StorePath path) => _pool.Use(c => QueryPathInfo.Call(c, path));

    public bool IsValid(StorePath path) => _pool.Use(c => IsValidPath.Call(c, path));

    public IEnumerable<StorePath> ListAll() => _pool.Use(QueryAllValidPaths.Call);

    public StorePath? FindByDigest(string digest) => _pool.Use(c => QueryPathFromHashPart.Call(c, digest));

    public IReadOnlySet<StorePath> FindValid(IReadOnlyCollection<StorePath> paths, bool substitutes) =>
        _pool.Use(c => QueryValidPaths.Call(c, paths, substitutes));

    public IReadOnlyList<StorePath> FindReferrers(StorePath path) => _pool.Use(c => QueryReferrers.Call(c, path));

    public IReadOnlyList<StorePath> FindDerivers(StorePath output) => _pool.Use(c => QueryValidDerivers.Call(c, output));

    public IReadOnlyDictionary<string, StorePath?> FindOutputs(StorePath derivation) => _pool.Use(c => QueryDerivationOutputMap.Call(c, derivation));

    public Derivation Read(StorePath path)
    {
        var real = _terms.HasFilesHere ? _terms.Directory.Absolute(path) : null;
        if (real is not null && File.Exists(real))
        {
            return DerivationObject.Read(path, File.ReadAllBytes(real), _terms.Directory);
        }

        using var content = new MemoryStream();
        _pool.Use(c => NarFromPath.Call(c, path, new SingleFile(content)));
        return DerivationObject.Read(path, content.ToArray(), _terms.Directory);
    }

    public void AddDerivations(IReadOnlyList<DerivationFile> files, bool repair)
    {
        foreach (var batch in files.DistinctBy(f => f.Path).Chunk(DerivationBatch))
        {
            IReadOnlySet<StorePath> known = repair ? new HashSet<StorePath>() : FindValid([.. batch.Select(f => f.Path)], substitutes: false);
            AddMany([.. batch.Where(f => !known.Contains(f.Path)).Select(DerivationObject.Of)], new NarImport(repair, ChecksSignatures: true));
            foreach (var path in known)
            {
                AddTemporaryRoot(path);
            }
        }
    }

    public void WriteNar(StorePath path, Stream output) => _pool.Use(c => NarFromPath.Call(c, path, output));

    public void Add(PathInfo info, Stream nar, NarImport import) => _pool.Use(c => AddToStoreNar.Call(c, info, nar, import));

    public void AddMany(IReadOnlyCollection<(PathInfo Info, Action<Stream> WriteNar)> objects, NarImport import)
    {
        if (objects.Count == 0)
        {
            return;
        }

        var isDone = _pool.Use(c =>
        {
            var canTakeMany = c.Version >= Wire.WorkerProtocol.WithManyObjects;
            if (canTakeMany)
            {
                AddMultipleToStore.Call(c, objects, import);
            }

            return canTakeMany;
        });
        foreach (var (info, write) in isDone ? [] : objects)
        {
            using var nar = new PulledNar(write);
            Add(info, nar, import);
        }
    }

    public StorePath AddFromDisk(string name, string source, ContentOptions options) => _pool.Use(c => AddToStore.Call(c, name, options, output =>
    {
        if (options.Method is ContentAddressMethod.Flat or ContentAddressMethod.Text)
        {
            using var file = File.OpenRead(source);
            file.CopyTo(output);
        }
        else
        {
            TreeDumper.WriteNar(source, output, new TreeDumpOptions { Filter = options.Filter });
        }
    }));

    public StorePath AddFromNar(string name, Stream nar, ContentOptions options) => _pool.Use(c => AddToStore.Call(c, name, options, output =>
    {
        if (options.Method is ContentAddressMethod.Flat or ContentAddressMethod.Text)
        {
            NarReader.Read(nar, new SingleFile(output));
        }
        else
        {
            NarReader.Copy(nar, output);
        }
    }));

    public StorePath AddText(string name, ReadOnlyMemory<byte> content, IEnumerable<StorePath> references, bool repair) => _pool.Use(c =>
    {
        var options = new ContentOptions { Method = ContentAddressMethod.Text, Algorithm = HashAlgorithm.Sha256, References = [.. references], Repair = repair };
        return AddToStore.Call(c, name, options, output => output.Write(content.Span));
    });

    public Realisation? Find(DrvOutput output) => _pool.Use(c => QueryRealisation.Call(c, output));

    public void Register(Realisation realisation) => _pool.Use(c => RegisterDrvOutput.Call(c, realisation));

    public void AddTemporaryRoot(StorePath path) => _pool.Use(c => AddTempRoot.Call(c, path));

    /// <summary>Has the daemon keep a link in mind.</summary>
    public void AddIndirectRoot(string link) => _pool.Use(c => Operations.AddIndirectRoot.Call(c, link));

    /// <summary>Has the daemon make a link; returns where it is.</summary>
    public string AddPermanentRoot(StorePath path, string link) => _pool.Use(c => AddPermRoot.Call(c, path, link));

    public IEnumerable<GcRoot> ListRoots() => _pool.Use(FindRoots.Call);

    public GcResult CollectGarbage(GcAction action, CancellationToken cancellationToken) => _pool.Use(c => Operations.CollectGarbage.Call(c, action));

    public bool Verify(bool checksContents, bool repairs, CancellationToken cancellationToken) =>
        _pool.Use(c => VerifyStore.Call(c, checksContents, repairs));

    public void Optimise(CancellationToken cancellationToken) => _pool.Use(OptimiseStore.Call);

    public void AddSignatures(StorePath path, IEnumerable<string> signatures) => _pool.Use(c => Operations.AddSignatures.Call(c, path, signatures));

    /// <summary>Keeps the log of a build.</summary>
    public void AddLog(StorePath derivation, Stream log) => _pool.Use(c => AddBuildLog.Call(c, derivation, log));

    public void Dispose()
    {
        _pool.Dispose();
        _channel.Dispose();
    }

    internal TResult Use<TResult>(Func<DaemonConnection, TResult> use) => _pool.Use(use);

    private DaemonConnection Open()
    {
        var (input, output, owned) = _channel.Open();
        try
        {
            var connection = new DaemonConnection(input, output, owned, _terms.Directory, _terms.Log);
            if (_terms.Options is { } options)
            {
                SetOptions.Call(connection, options());
            }

            return connection;
        }
        catch (Exception e) when (e is IOException or DaemonException and not RemoteException)
        {
            throw new DaemonException(
                DaemonErrors.Connect, $"cannot open connection to remote store '{_channel.Uri}': {_channel.CloseFailed(owned) ?? e.Message}", e);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }
}
