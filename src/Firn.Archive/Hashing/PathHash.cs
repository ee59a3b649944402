using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Platform.Files;

namespace Firn.Archive.Hashing;

/// <summary>The hash of something in the file system, and how many bytes were hashed.</summary>
public readonly record struct PathHash(Hash Hash, long Size)
{
    /// <summary>Hashes the NAR of what is at <paramref name="path"/>.</summary>
    public static PathHash OfNar(string path, HashAlgorithm algorithm = HashAlgorithm.Sha256, TreeDumpOptions? options = null)
    {
        using var hash = new HashStream(algorithm);
        TreeDumper.WriteNar(path, hash, options);
        return new(hash.Finish(), hash.Count);
    }

    /// <summary>Hashes the bytes of a file, or of what else can be read; links are followed.</summary>
    public static PathHash OfFile(string path, HashAlgorithm algorithm = HashAlgorithm.Sha256)
    {
        using var file = FileHandle.OpenRead(path);
        using var hash = new HashStream(algorithm);
        file.CopyTo(hash, 128 * 1024);
        return new(hash.Finish(), hash.Count);
    }

    /// <summary>Hashes what is at <paramref name="path"/> as <paramref name="method"/> has it.</summary>
    public static PathHash Of(string path, ContentAddressMethod method, HashAlgorithm algorithm, TreeDumpOptions? options = null) => method switch
    {
        ContentAddressMethod.NixArchive => OfNar(path, algorithm, options),
        ContentAddressMethod.Git => new(GitHash.Of(path, algorithm, options), 0),
        _ => OfRegularFile(path, algorithm),
    };

    private static PathHash OfRegularFile(string path, HashAlgorithm algorithm) =>
        PathStatus.Get(path).IsRegular
            ? OfFile(path, algorithm)
            : throw new NarException($"path '{path}' is not a regular file, and only those have a flat hash");
}
