using Firn.Archive.Hashing;
using Firn.Archive.Trees;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Store.Local.Adding;
using Firn.Store.References;

namespace Firn.Building.Outputs;

/// <summary>What a builder made as one output, on its way into the store.</summary>
internal sealed class BuiltTree(string output, string path, FileStatus status, CanonicalOptions canonical)
{
    private PathHash? _hash;

    public string Output => output;

    /// <summary>Where it is on this machine's disk now.</summary>
    public string Path { get; private set; } = path;

    /// <summary>What its root was when the builder left it.</summary>
    public FileStatus Status => status;

    /// <summary>The objects it refers to; outputs of the same build by the paths that the builder was told.</summary>
    public IReadOnlyCollection<StorePath> References { get; private set; } = [];

    /// <summary>Finds references, and the hash on the same way through the content.</summary>
    public void Scan(IEnumerable<StorePath> candidates)
    {
        using var scanner = new ReferenceScanner(candidates);
        using var hash = new HashStream(HashAlgorithm.Sha256);
        using var both = new TeeStream(scanner, hash);
        TreeDumper.WriteNar(Path, both);
        References = scanner.Found;
        _hash = new PathHash(hash.Finish(), hash.Count);
    }

    /// <summary>Returns the SHA-256 and the size of its NAR.</summary>
    public PathHash NarHash() => _hash ??= PathHash.OfNar(Path);

    /// <summary>Hashes its content, with the digest of its own path taken for zeros.</summary>
    public Hash ContentHash(ContentAddressMethod method, HashAlgorithm algorithm, StorePath self) => method switch
    {
        ContentAddressMethod.Git => PathHash.Of(Path, method, algorithm).Hash,
        ContentAddressMethod.NixArchive when !References.Contains(self) && algorithm == HashAlgorithm.Sha256 => NarHash().Hash,
        ContentAddressMethod.NixArchive => ModuloHash.Of(algorithm, self.Digest, stream => TreeDumper.WriteNar(Path, stream)),
        _ => ModuloHash.Of(algorithm, self.Digest, CopyFile),
    };

    /// <summary>Replaces digests in it, by making it anew.</summary>
    public void Rewrite(Rewrites rewrites)
    {
        if (rewrites.IsEmpty)
        {
            return;
        }

        var fresh = Path + ".tmp";
        FileTree.Delete(fresh);
        using (var restorer = new TreeRestorer(fresh, TreeRestoreOptions.Canonical with { LeavesRootWritable = true }))
        {
            TreeDumper.Dump(Path, new RewritingVisitor(rewrites, restorer));
        }

        FileTree.Delete(Path);
        StoreMoves.Move(fresh, Path);
        Normalise();
    }

    /// <summary>Copies it to <paramref name="target"/>, so that nobody who has a file of it open can change it any more.</summary>
    public void CopyTo(string target)
    {
        using (var restorer = new TreeRestorer(target, TreeRestoreOptions.Canonical with { LeavesRootWritable = true }))
        {
            TreeDumper.Dump(Path, restorer);
        }

        Path = target;
        Normalise();
    }

    private void Normalise()
    {
        CanonicalMetadata.Apply(Path, canonical);
        _hash = null;
    }

    private void CopyFile(Stream stream)
    {
        using var file = FileHandle.OpenRead(Path);
        file.CopyTo(stream);
    }
}
