using System.Text.Json;
using Firn.Archive.Compression;
using Firn.Archive.Nars;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.BinaryCache.Lookup;
using Firn.Store.BinaryCache.Writing;
using Firn.Store.Builds;
using Firn.Store.Copying;
using Firn.Store.Derivations;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;
using Firn.Store.Roots;

namespace Firn.Store.BinaryCache;

/// <summary>A store of compressed NARs with a <c>.narinfo</c> file for each, as web servers hand them out.</summary>
public sealed class BinaryCacheStore :
    IPathInfoSource, IPathInfoPrefetch, INarSource, INarSink, IRealisations, IDerivationSource, IDerivationOutputs,
    ISignatureSink, IBuildLogs, ITemporaryRoots
{
    /// <summary>How many questions are on their way at once.</summary>
    private const int Questions = 25;

    private readonly System.Collections.Concurrent.ConcurrentDictionary<StorePath, HashModulo> _hashes = new();
    private readonly ICacheFiles _files;
    private readonly StoreDirectory _directory;
    private readonly BinaryCacheOptions _options;
    private readonly NarInfoDiskCache? _disk;
    private readonly NarInfoLookup _lookup;

    private BinaryCacheStore(ICacheFiles files, StoreDirectory directory, BinaryCacheOptions options, CacheInfo info, NarInfoDiskCache? disk)
    {
        (_files, _directory, _options, _disk) = (files, directory, options, disk);
        _lookup = new NarInfoLookup(files, directory, disk);
        Writer = new CacheWriter(files, directory, options, _lookup);
        Info = info with
        {
            Priority = options.Priority ?? info.Priority,
            WantsMassQuery = options.WantsMassQuery ?? info.WantsMassQuery,
        };
    }

    /// <summary>How a person knows it.</summary>
    public string Uri => _files.Uri;

    /// <summary>What the cache says of itself.</summary>
    public CacheInfo Info { get; }

    /// <summary>Adds objects that are named by the hash of their content.</summary>
    public CacheWriter Writer { get; }

    /// <summary>Opens a cache; when it is to be written, it is made where there is none.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="directory">The store that it is for.</param>
    /// <param name="options">How it is used.</param>
    /// <param name="writes">Whether it may be made.</param>
    /// <param name="disk">Remembers what it has; null when asking costs nothing.</param>
    /// <exception cref="StoreException">It is for a store with another directory, or it is no cache.</exception>
    public static BinaryCacheStore Open(
        ICacheFiles files, StoreDirectory directory, BinaryCacheOptions options, bool writes, NarInfoDiskCache? disk = null)
    {
        if (disk?.FindCache(files.Uri) is { } known && known.StoreDirectory == directory.Path)
        {
            return new BinaryCacheStore(files, directory, options, known, disk);
        }

        var info = CacheInfo.Default with { StoreDirectory = directory.Path };
        if (NarInfoLookup.ReadText(files, CacheInfo.FileName) is { } text)
        {
            info = CacheInfo.Parse(text);
        }
        else if (writes)
        {
            files.Write(CacheInfo.FileName, CacheFile.Of($"StoreDir: {directory.Path}\n", "text/x-nix-cache-info"));
        }
        else if (disk is not null)
        {
            throw new StoreException(StoreErrors.Unsupported, $"'{files.Uri}' does not appear to be a binary cache",
                hints: "Is its address right?");
        }

        if (info.StoreDirectory != directory.Path)
        {
            throw new StoreException(
                StoreErrors.Unsupported,
                $"binary cache '{files.Uri}' is for Nix stores with prefix '{info.StoreDirectory}', not '{directory.Path}'");
        }

        disk?.PutCache(files.Uri, info);
        return new BinaryCacheStore(files, directory, options, info, disk);
    }

    public PathInfo? Find(StorePath path) => FindNarInfo(path)?.Info;

    public bool IsValid(StorePath path) => Find(path) is not null;

    /// <summary>Returns what the cache has of an object and how it keeps it, or null.</summary>
    public NarInfo? FindNarInfo(StorePath path) => _lookup.Find(path.Digest) is { } found && found.Info.Path.Equals(path) ? found : null;

    public void Prefetch(IReadOnlyCollection<StorePath> paths)
    {
        // A folder answers at once.
        if (_disk is not null)
        {
            ParallelWork.ForEach(paths, Questions, path =>
            {
                try
                {
                    _lookup.Find(path.Digest);
                }
                catch (FirnException)
                {
                    // Told to the one who asks for it.
                }
            });
        }
    }

    public IEnumerable<StorePath> ListAll() => _files.List()
        .Where(n => n.EndsWith(".narinfo", StringComparison.Ordinal))
        .Select(n => _lookup.Find(n[..^".narinfo".Length])?.Info.Path)
        .OfType<StorePath>()
        .Order();

    public StorePath? FindByDigest(string digest) => _lookup.Find(digest)?.Info.Path;

    public void WriteNar(StorePath path, Stream output)
    {
        using var nar = Decompress(path, Get(path));
        NarReader.Copy(new BufferedStream(nar, 64 * 1024), output);
    }

    public Stream OpenNar(StorePath path)
    {
        var narInfo = Get(path);
        return narInfo.Info.NarSize > PulledNar.PieceSize
            ? PulledNar.Of(() => Decompress(path, narInfo))
            : new BufferedStream(Decompress(path, narInfo), 16 * 1024);
    }

    private NarInfo Get(StorePath path) => FindNarInfo(path) ?? throw StoreException.NotValid(path, _directory);

    private ArchiveBody Decompress(StorePath path, NarInfo narInfo)
    {
        var method = CompressionMethods.Find(narInfo.Compression) ?? throw new StoreException(
            StoreErrors.Unsupported, $"the archive of '{_directory.Absolute(path)}' in '{Uri}' is compressed by '{narInfo.Compression}', which is not known here");
        var file = _files.OpenRead(narInfo.Url) ?? throw new StoreException(
            StoreErrors.Gone, $"file '{narInfo.Url}' does not exist in binary cache '{Uri}'");
        return new ArchiveBody(CompressedStream.OpenRead(file, method), e => new StoreException(
            StoreErrors.BadFile, $"the archive '{narInfo.Url}' in binary cache '{Uri}' is damaged: {e.Message}", e));
    }

    public void Add(PathInfo info, Stream nar, NarImport import) => Writer.Add(info, nar, import);

    public void AddSignatures(StorePath path, IEnumerable<string> signatures)
    {
        var narInfo = FindNarInfo(path) ?? throw StoreException.NotValid(path, _directory);
        var all = narInfo.Info.Signatures.Concat(signatures).Distinct().Order(StringComparer.Ordinal);
        Writer.Write(narInfo with { Info = narInfo.Info with { Signatures = [.. all] } });
    }

    public Realisation? Find(DrvOutput output)
    {
        if (_disk?.FindRealisation(Uri, output) is { } known)
        {
            return known.Value;
        }

        var found = NarInfoLookup.ReadText(_files, RealisationFile(output)) is { } text ? ParseRealisation(output, text) : null;
        _disk?.PutRealisation(Uri, output, found);
        return found;
    }

    public void Register(Realisation realisation)
    {
        _files.Write(RealisationFile(realisation.Id), CacheFile.Of(NarUpload.Json(json => RealisationJson.Write(json, realisation)), "application/json"));
        _disk?.PutRealisation(Uri, realisation.Id, realisation);
    }

    public Derivation Read(StorePath path) => DerivationAterm.Read(
        NarFile.Read(nar => WriteNar(path, nar)), path.Name[..^".drv".Length], _directory);

    /// <summary>Returns nothing: a cache keeps no list of who made what.</summary>
    public IReadOnlyList<StorePath> FindDerivers(StorePath output) => [];

    public IReadOnlyDictionary<string, StorePath?> FindOutputs(StorePath derivation)
    {
        var read = Read(derivation);
        return read.Outputs.ToDictionary(
            o => o.Name,
            o => o.Output.FindPath(_directory, read.Name, o.Name) ?? (o.Output is DerivationOutput.Impure ? null : FindRealised(o.Name)));

        StorePath? FindRealised(string output) =>
            HashOf(read, masked: true).Find(output) is { } hash ? Find(new DrvOutput(hash, output))?.OutputPath : null;
    }

    private HashModulo HashOf(Derivation derivation, bool masked) =>
        HashModulo.Of(derivation, _directory, masked, input => _hashes.GetOrAdd(input, path => HashOf(Read(path), masked: false)));

    public Stream? FindLog(StorePath path) =>
        (path.IsDerivation ? path : Find(path)?.Deriver) is { } derivation ? _files.OpenRead($"log/{derivation}") : null;

    public void AddLog(StorePath derivation, Stream log)
    {
        var content = new MemoryStream();
        log.CopyTo(content);
        _files.Write($"log/{derivation}", CacheFile.Of(content.ToArray(), "text/plain; charset=utf-8"));
    }

    /// <summary>Does nothing: a cache collects no garbage.</summary>
    public void AddTemporaryRoot(StorePath path) { }

    private static string RealisationFile(DrvOutput output) => $"realisations/{output}.doi";

    private Realisation ParseRealisation(DrvOutput output, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var realisation = RealisationJson.Read(json.RootElement);
            return realisation.Id.Equals(output)
                ? realisation
                : throw new InvalidFormatException("realisation", $"'{RealisationFile(output)}' in '{Uri}' speaks of another output, '{realisation.Id}'");
        }
        catch (JsonException e)
        {
            throw new InvalidFormatException("realisation", $"'{RealisationFile(output)}' in '{Uri}' is no JSON: {e.Message}");
        }
    }
}
