using System.Text;
using Firn.Archive.Compression;
using Firn.Archive.Hashing;
using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Store.BinaryCache.Lookup;
using Firn.Store.Contents;
using Firn.Store.Derivations;
using Firn.Store.Nars;

namespace Firn.Store.BinaryCache.Writing;

/// <summary>Adds objects to a cache: the NAR, what is found out about it on the way, and last the <c>.narinfo</c> file.</summary>
public sealed class CacheWriter : INarSink, IContentSink, IDerivationSink
{
    private readonly ICacheFiles _files;
    private readonly StoreDirectory _directory;
    private readonly BinaryCacheOptions _options;
    private readonly NarInfoLookup _lookup;
    private readonly Lazy<List<SecretKey>> _keys;

    internal CacheWriter(ICacheFiles files, StoreDirectory directory, BinaryCacheOptions options, NarInfoLookup lookup)
    {
        (_files, _directory, _options, _lookup) = (files, directory, options, lookup);
        _keys = new(() => [.. options.SecretKeyFiles.Select(f => SecretKey.Parse(Encoding.UTF8.GetString(FileContent.ReadAll(f)).Trim()))]);
    }

    public void Add(PathInfo info, Stream nar, NarImport import)
    {
        if (!import.Repair && IsThere(info.Path))
        {
            NarReader.Read(nar, NoVisitor.Instance);
            return;
        }

        using var upload = new NarUpload(visitor => NarReader.Read(nar, visitor), _options);
        if (!upload.Nar.Hash.Equals(info.NarHash))
        {
            throw new StoreException(
                StoreErrors.HashMismatch,
                $"hash mismatch importing path '{_directory.Absolute(info.Path)}';\n  specified: {info.NarHash}\n  got:       {upload.Nar.Hash}");
        }

        Finish(info, upload, import.Repair);
    }

    public StorePath AddFromDisk(string name, string source, ContentOptions options) =>
        AddContent(name, options, visitor => TreeDumper.Dump(source, visitor, new TreeDumpOptions { Filter = options.Filter }));

    public StorePath AddFromNar(string name, Stream nar, ContentOptions options) =>
        AddContent(name, options, visitor => NarReader.Read(nar, visitor));

    public StorePath AddText(string name, ReadOnlyMemory<byte> content, IEnumerable<StorePath> references, bool repair) => AddContent(
        name, new ContentOptions { Method = ContentAddressMethod.Text, References = [.. references], Repair = repair }, visitor =>
        {
            visitor.BeginFile(isExecutable: false, content.Length);
            visitor.Write(content.Span);
            visitor.EndFile();
        });

    public void AddDerivations(IReadOnlyList<DerivationFile> files, bool repair)
    {
        foreach (var file in files)
        {
            AddText(file.Path.Name, file.Text, file.References, repair);
        }
    }

    /// <summary>Writes the file that makes an object known.</summary>
    internal void Write(NarInfo narInfo)
    {
        var digest = narInfo.Info.Path.Digest;
        _files.Write($"{digest}.narinfo", CacheFile.Of(NarInfoText.Write(narInfo, _directory), "text/x-nix-narinfo"));
        _lookup.Remember(digest, narInfo);
    }

    private StorePath AddContent(string name, ContentOptions options, Action<INarVisitor> visit)
    {
        var isNar = options.Method == ContentAddressMethod.NixArchive;
        using var otherHash = isNar && options.Algorithm != HashAlgorithm.Sha256 ? new HashStream(options.Algorithm) : null;
        var otherNar = otherHash is null ? null : new NarWriter(otherHash);
        using var content = isNar ? null : ContentHash.For(options.Method, options.Algorithm);
        INarVisitor? beside = content is null ? otherNar : content;
        using var upload = new NarUpload(visitor => visit(beside is null ? visitor : new TeeVisitor(visitor, beside)), _options);
        otherNar?.Finish();
        var address = new ContentAddress(options.Method, content?.Finish() ?? otherHash?.Finish() ?? upload.Nar.Hash);
        var path = _directory.MakeContentAddressed(name, address, options.References);
        if (options.Repair || !IsThere(path))
        {
            Finish(
                new PathInfo
                {
                    Path = path,
                    NarHash = upload.Nar.Hash,
                    NarSize = upload.Nar.Size,
                    References = [.. options.References.Distinct().Order()],
                    ContentAddress = address,
                },
                upload, options.Repair);
        }

        return path;
    }

    private bool IsThere(StorePath path) => _lookup.Find(path.Digest)?.Info.Path.Equals(path) == true;

    private void Finish(PathInfo info, NarUpload upload, bool repair)
    {
        foreach (var reference in info.OtherReferences.Where(r => !IsThere(r)))
        {
            throw new StoreException(
                StoreErrors.NotValid,
                $"cannot add '{_directory.Absolute(info.Path)}' to the binary cache because the reference '{_directory.Absolute(reference)}' is not valid");
        }

        if (_options.WritesListings)
        {
            _files.Write($"{info.Path.Digest}.ls", CacheFile.Of(NarUpload.Json(upload.Listing.WriteFile), "application/json"));
        }

        if (_options.IndexesDebugInfo)
        {
            DebugInfoIndex.Write(_files, upload.Listing, upload.Url);
        }

        upload.WriteTo(_files, evenIfThere: repair);
        var signed = _keys.Value.Aggregate(info with { NarSize = upload.Nar.Size }, (i, key) => key.Sign(i, _directory));
        // Last, so that whoever sees it finds all it speaks of.
        Write(new NarInfo(signed, upload.Url, _options.Compression.Name(), upload.File.Hash, upload.File.Size));
    }
}
