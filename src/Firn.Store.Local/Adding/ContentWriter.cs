using Firn.Archive.Hashing;
using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Contents;
using Firn.Store.Local.Database;

namespace Firn.Store.Local.Adding;

/// <summary>Adds objects that are named by the hash of their content.</summary>
internal sealed class ContentWriter(StoreWriter writer, LocalStoreSettings settings, DerivationCheck check)
{
    internal StorePath AddFromDisk(string name, string source, ContentOptions options)
    {
        var dump = new TreeDumpOptions { Filter = options.Filter };
        // Small trees are read once, into memory. Large ones are hashed first, since most are there already, and read again if not.
        using var memory = new SpillStream(settings.NarBufferSize);
        var content = Hash(options, memory, visitor => TreeDumper.Dump(source, visitor, dump));
        var path = PathOf(name, content, options);
        if (memory.TryGetContent(out var nar))
        {
            writer.Add(path, options.Repair, real =>
            {
                TreeRestorer.Restore(nar, real, writer.RestoreOptions);
                return Register(path, real, content, options);
            });
            return path;
        }

        if (!options.Repair && writer.IsValid(path))
        {
            return path;
        }

        return AddByTemporaryFolder(name, options, visitor => TreeDumper.Dump(source, visitor, dump));
    }

    internal StorePath AddFromNar(string name, Stream nar, ContentOptions options) =>
        AddByTemporaryFolder(name, options, visitor => NarReader.Read(nar, visitor));

    internal StorePath AddText(string name, ReadOnlyMemory<byte> text, IEnumerable<StorePath> references, bool repair)
    {
        var options = new ContentOptions { Method = ContentAddressMethod.Text, References = [.. references], Repair = repair };
        var content = new Content(Model.Hashing.Hash.Sha256(text.Span), NarOfFile.Hash(text.Span));
        var path = PathOf(name, content, options);
        writer.Add(path, repair, real =>
        {
            NarOfFile.Write(real, text.Span, writer.RestoreOptions);
            return Register(path, real, content, options);
        });
        return path;
    }

    private StorePath AddByTemporaryFolder(string name, ContentOptions options, Action<INarVisitor> visit) => writer.WithTemporaryFolder(folder =>
    {
        var temporary = $"{folder}/x";
        Content content;
        using (var restorer = new TreeRestorer(temporary, writer.RestoreOptions with { LeavesRootWritable = true }))
        {
            content = Hash(options, Stream.Null, visitor => visit(new TeeVisitor(visitor, restorer)));
        }

        var path = PathOf(name, content, options);
        writer.Add(path, options.Repair, real =>
        {
            StoreWriter.Move(temporary, real);
            return Register(path, real, content, options);
        });
        return path;
    });

    /// <summary>Hashes a tree as the options want it and as NAR, and writes the NAR to <paramref name="nar"/>.</summary>
    private static Content Hash(ContentOptions options, Stream nar, Action<INarVisitor> visit)
    {
        using var narHash = new HashStream(HashAlgorithm.Sha256);
        var isNar = options.Method == ContentAddressMethod.NixArchive;
        using var other = isNar && options.Algorithm != HashAlgorithm.Sha256 ? new HashStream(options.Algorithm) : null;
        var narWriter = new NarWriter(new FanOut(other is null ? [narHash, nar] : [narHash, other, nar]));
        using var content = isNar ? null : ContentHash.For(options.Method, options.Algorithm);
        visit(content is null ? narWriter : new TeeVisitor(narWriter, content));
        narWriter.Finish();
        var hashed = new PathHash(narHash.Finish(), narHash.Count);
        return new Content(content?.Finish() ?? other?.Finish() ?? hashed.Hash, hashed);
    }

    private StorePath PathOf(string name, Content content, ContentOptions options) =>
        writer.Directory.MakeContentAddressed(name, new ContentAddress(options.Method, content.Hash), options.References);

    private Registration Register(StorePath path, string real, Content content, ContentOptions options) => new(
        new PathInfo
        {
            Path = path,
            NarHash = content.Nar.Hash,
            NarSize = content.Nar.Size,
            References = [.. options.References.Distinct().Order()],
            ContentAddress = new ContentAddress(options.Method, content.Hash),
        },
        check.Outputs(path, real));

    private sealed record Content(Hash Hash, PathHash Nar);
}
