using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Closures;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Store.References;

namespace Firn.Store.Copying;

/// <summary>Copies objects so that their content alone names them: nobody has to be trusted for them any more.</summary>
/// <param name="infos">What the source knows.</param>
/// <param name="nars">The source's content.</param>
/// <param name="target">Takes the objects.</param>
/// <param name="directory">How paths are spelled in both.</param>
public sealed class ContentAddressing(IPathInfoSource infos, INarSource nars, INarSink target, StoreDirectory directory)
{
    /// <summary>Rewrites objects and all they refer to; returns the new path of each.</summary>
    /// <exception cref="StoreException">One is not valid.</exception>
    public IReadOnlyDictionary<StorePath, StorePath> Rewrite(IEnumerable<StorePath> paths, CancellationToken cancellationToken)
    {
        var renamed = new Dictionary<StorePath, StorePath>();
        foreach (var path in Closure.Sort(Closure.OfReferences(paths, infos, directory), infos, directory).Reverse())
        {
            cancellationToken.ThrowIfCancellationRequested();
            renamed[path] = Rewrite(infos.Get(path, directory), renamed);
        }

        return renamed;
    }

    private StorePath Rewrite(PathInfo info, Dictionary<StorePath, StorePath> renamed)
    {
        var others = info.OtherReferences.Select(r => renamed[r]).ToList();
        var digests = info.OtherReferences.ToDictionary(r => r.Digest, r => renamed[r].Digest);
        var refersToSelf = info.References.Contains(info.Path);
        var address = new ContentAddress(
            ContentAddressMethod.NixArchive, ModuloHash.Of(HashAlgorithm.Sha256, info.Path.Digest, stream => Write(info.Path, digests, stream)));
        var path = directory.MakeContentAddressed(info.Path.Name, address, others, refersToSelf);
        digests[info.Path.Digest] = path.Digest;
        using var hash = new HashStream(HashAlgorithm.Sha256);
        Write(info.Path, digests, hash);
        var size = hash.Count;
        using var nar = new PulledNar(stream => Write(info.Path, digests, stream));
        target.Add(
            new PathInfo
            {
                Path = path,
                NarHash = hash.Finish(),
                NarSize = size,
                ContentAddress = address,
                References = [.. (refersToSelf ? others.Append(path) : others).Distinct().Order()],
            },
            nar, new NarImport(Repair: false, ChecksSignatures: false));
        return path;
    }

    private void Write(StorePath path, IReadOnlyDictionary<string, string> digests, Stream output)
    {
        using var rewriter = new DigestRewriter(digests, output);
        nars.WriteNar(path, rewriter);
        rewriter.Finish();
    }
}
