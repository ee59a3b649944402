using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Archive.Compression;
using Firn.Archive.Listing;
using Firn.Archive.Nars;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;

namespace Firn.Store.BinaryCache;

/// <summary>A store of compressed NARs with a <c>.narinfo</c> file for each, as web servers hand them out.</summary>
public sealed class BinaryCacheStore : IPathInfoSource, INarSource, INarSink, IRealisations
{
    private const string InfoFile = "nix-cache-info";

    private readonly ICacheFiles _files;
    private readonly StoreDirectory _directory;
    private readonly BinaryCacheOptions _options;
    private readonly Lazy<List<SecretKey>> _keys;
    private readonly ConcurrentDictionary<string, NarInfo> _known = new(StringComparer.Ordinal);

    private BinaryCacheStore(ICacheFiles files, StoreDirectory directory, BinaryCacheOptions options)
    {
        (_files, _directory, _options) = (files, directory, options);
        _keys = new(() => [.. options.SecretKeyFiles.Select(f => SecretKey.Parse(Encoding.UTF8.GetString(FileContent.ReadAll(f))))]);
    }

    /// <summary>How a person knows it.</summary>
    public string Uri => _files.Uri;

    /// <summary>What the cache says of itself.</summary>
    public CacheInfo Info { get; private init; } = CacheInfo.Default;

    /// <summary>Opens a cache; when it is to be written, it is made where there is none.</summary>
    /// <exception cref="StoreException">It is for a store with another directory.</exception>
    public static BinaryCacheStore Open(ICacheFiles files, StoreDirectory directory, BinaryCacheOptions options, bool writes)
    {
        var text = ReadText(files, InfoFile);
        var info = text is null ? CacheInfo.Default with { StoreDirectory = directory.Path } : CacheInfo.Parse(text);
        if (text is null && writes)
        {
            files.Write(InfoFile, s => s.Write(Encoding.UTF8.GetBytes($"StoreDir: {directory.Path}\n")));
        }

        return info.StoreDirectory == directory.Path
            ? new BinaryCacheStore(files, directory, options) { Info = info }
            : throw new StoreException(
                StoreErrors.Unsupported,
                $"binary cache '{files.Uri}' is for Nix stores with prefix '{info.StoreDirectory}', not '{directory.Path}'");
    }

    public PathInfo? Find(StorePath path) => FindNarInfo(path.Digest) is { } found && found.Info.Path.Equals(path) ? found.Info : null;

    public bool IsValid(StorePath path) => Find(path) is not null;

    public IEnumerable<StorePath> ListAll() => _files.List()
        .Where(n => n.EndsWith(".narinfo", StringComparison.Ordinal))
        .Select(n => FindNarInfo(n[..^".narinfo".Length])?.Info.Path)
        .OfType<StorePath>()
        .Order();

    public StorePath? FindByDigest(string digest) => FindNarInfo(digest)?.Info.Path;

    public void WriteNar(StorePath path, Stream output)
    {
        var narInfo = FindNarInfo(path.Digest) ?? throw StoreException.NotValid(path, _directory);
        var method = CompressionMethods.Find(narInfo.Compression) ?? throw new StoreException(
            StoreErrors.Unsupported, $"the archive of '{_directory.Absolute(path)}' in '{Uri}' is compressed by '{narInfo.Compression}', which is not known here");
        using var file = _files.OpenRead(narInfo.Url) ?? throw new StoreException(
            StoreErrors.BadFile, $"file '{narInfo.Url}' does not exist in binary cache '{Uri}'");
        using var nar = CompressedStream.OpenRead(file, method);
        try
        {
            NarReader.Copy(new BufferedStream(nar, 64 * 1024), output);
        }
        catch (InvalidDataException e)
        {
            throw new StoreException(StoreErrors.BadFile, $"the archive '{narInfo.Url}' in binary cache '{Uri}' is damaged: {e.Message}", e);
        }
    }

    public void Add(PathInfo info, Stream nar, NarImport import)
    {
        if (!import.Repair && IsValid(info.Path))
        {
            NarReader.Read(nar, NoVisitor.Instance);
            return;
        }

        foreach (var reference in info.OtherReferences.Where(r => !IsValid(r)))
        {
            throw new StoreException(
                StoreErrors.NotValid,
                $"cannot add '{_directory.Absolute(info.Path)}' to the binary cache because the reference '{_directory.Absolute(reference)}' is not valid");
        }

        var temporary = Path.GetTempFileName();
        try
        {
            AddByFile(info, nar, temporary);
        }
        finally
        {
            FilePath.TryRemove(temporary);
        }
    }

    public Realisation? Find(DrvOutput output)
    {
        if (ReadText(_files, RealisationFile(output)) is not { } text)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return RealisationJson.Read(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new InvalidFormatException("realisation", $"'{RealisationFile(output)}' in '{Uri}' is no JSON: {e.Message}");
        }
    }

    public void Register(Realisation realisation) =>
        _files.Write(RealisationFile(realisation.Id), stream => WriteJson(stream, json => RealisationJson.Write(json, realisation)));

    private static string RealisationFile(DrvOutput output) => $"realisations/{output}.doi";

    private static string? ReadText(ICacheFiles files, string path)
    {
        using var file = files.OpenRead(path);
        if (file is null)
        {
            return null;
        }

        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void WriteJson(Stream stream, Action<Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        write(json);
    }

    private void AddByFile(PathInfo info, Stream nar, string temporary)
    {
        using var narHash = new HashStream(HashAlgorithm.Sha256);
        NarListing listing;
        using (var file = new FileStream(temporary, FileMode.Create))
        {
            using var compressed = CompressedStream.OpenWrite(file, _options.Compression, _options.CompressionLevel, leaveOpen: true);
            var (writer, hasher, lister) = (new NarWriter(compressed), new NarWriter(narHash), new NarListingBuilder());
            NarReader.Read(nar, new TeeVisitor(new TeeVisitor(writer, hasher), lister));
            writer.Finish();
            hasher.Finish();
            listing = lister.Finish();
        }

        var size = narHash.Count;
        if (narHash.Finish() is var found && !found.Equals(info.NarHash))
        {
            throw new StoreException(
                StoreErrors.HashMismatch,
                $"hash mismatch importing path '{_directory.Absolute(info.Path)}';\n  specified: {info.NarHash}\n  got:       {found}");
        }

        var fileHash = Archive.Hashing.PathHash.OfFile(temporary);
        var url = $"nar/{fileHash.Hash.Digest(HashFormat.Nix32)}.nar{_options.Compression.Ending()}";
        if (!_files.Exists(url))
        {
            _files.Write(url, stream =>
            {
                using var file = FileHandle.OpenRead(temporary);
                file.CopyTo(stream);
            });
        }

        if (_options.WritesListings)
        {
            _files.Write($"{info.Path.Digest}.ls", stream => WriteJson(stream, listing.WriteFile));
        }

        var signed = _keys.Value.Aggregate(info with { NarSize = size }, (i, key) => key.Sign(i, _directory));
        var narInfo = new NarInfo(signed, url, _options.Compression.Name(), fileHash.Hash, fileHash.Size);
        // Last, so that whoever sees it finds all it speaks of.
        _files.Write($"{info.Path.Digest}.narinfo", stream => stream.Write(Encoding.UTF8.GetBytes(NarInfoText.Write(narInfo, _directory))));
        _known[info.Path.Digest] = narInfo;
    }

    private NarInfo? FindNarInfo(string digest)
    {
        if (_known.TryGetValue(digest, out var known))
        {
            return known;
        }

        var file = $"{digest}.narinfo";
        return ReadText(_files, file) is { } text ? _known[digest] = NarInfoText.Read(text, _directory, $"{Uri}/{file}") : null;
    }
}
