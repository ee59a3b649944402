using System.Text;
using Firn.Model.Hashing;

namespace Firn.Store.References;

/// <summary>Hashes bytes as though an object's own digest in them were all NULs.</summary>
/// <remarks>So the hash of a content-addressed object that refers to itself does not depend on its own path.
/// C++ Nix 2.17 to 2.34 do not hash where the digests stood.</remarks>
public static class ModuloHash
{
    /// <summary>Hashes what <paramref name="write"/> writes.</summary>
    public static Hash Of(HashAlgorithm algorithm, string digest, Action<Stream> write)
    {
        using var hash = new HashStream(algorithm);
        using var rewriter = new DigestRewriter([(Encoding.ASCII.GetBytes(digest), new byte[digest.Length])], hash);
        write(rewriter);
        rewriter.Finish();
        return hash.Finish();
    }
}
