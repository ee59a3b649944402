using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Closures;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.References;

namespace Firn.Store.Copying;

/// <summary>Copies objects under names that follow from their content, so that nobody need be trusted for them.</summary>
/// <param name="from">Where they are.</param>
/// <param name="to">Where they go.</param>
/// <param name="log">Is told of each.</param>
public sealed class ContentAddresser(StoreParts from, StoreParts to, IMessageLog log)
{
    /// <summary>Copies the closure of <paramref name="paths"/>, and returns what each became.</summary>
    public IReadOnlyDictionary<StorePath, StorePath> Copy(IEnumerable<StorePath> paths, CancellationToken cancellationToken)
    {
        var made = new Dictionary<StorePath, StorePath>();
        foreach (var path in Closure.Sort(from.Closure.Of(paths), from.Infos, from.Directory).Reverse())
        {
            cancellationToken.ThrowIfCancellationRequested();
            made[path] = CopyOne(path, made);
        }

        return made;
    }

    // Read three times instead of held in memory: its name follows from its content, and its content holds its name.
    private StorePath CopyOne(StorePath path, Dictionary<StorePath, StorePath> made)
    {
        var old = from.Infos.Get(path, from.Directory);
        var renamed = old.OtherReferences.Where(r => !made[r].Equals(r))
            .ToDictionary(r => from.Directory.Absolute(r), r => to.Directory.Absolute(made[r]));
        void Write(Stream output)
        {
            var rewriter = new DigestRewriter(renamed, output);
            from.Nars.WriteNar(path, rewriter);
            rewriter.Finish();
        }

        List<StorePath> references = [.. old.OtherReferences.Select(r => made[r])];
        var refersToItself = old.References.Contains(path);
        var address = new ContentAddress(ContentAddressMethod.NixArchive, ModuloHash.Of(HashAlgorithm.Sha256, path.Digest, Write));
        var name = to.Directory.MakeContentAddressed(path.Name, address, references, refersToItself);
        log.Write(Verbosity.Info, $"rewriting '{from.Directory.Absolute(path)}' to '{to.Directory.Absolute(name)}'");
        void WriteFinal(Stream output)
        {
            var rewriter = new DigestRewriter([KeyValuePair.Create(path.Digest, name.Digest)], output);
            Write(rewriter);
            rewriter.Finish();
        }

        using var hash = new HashStream(HashAlgorithm.Sha256);
        WriteFinal(hash);
        var size = hash.Count;
        var info = new PathInfo
        {
            Path = name,
            NarHash = hash.Finish(),
            NarSize = size,
            References = [.. (refersToItself ? references.Append(name) : references).Distinct().Order()],
            ContentAddress = address,
        };
        using var nar = new PulledNar(WriteFinal);
        to.NarSink.Add(info, nar, new NarImport(Repair: false, ChecksSignatures: true));
        return name;
    }
}
