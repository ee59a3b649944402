using System.Text;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Model.Signing;

/// <summary>What is signed of an object: its path, the hash and size of its NAR, its references.</summary>
public static class Fingerprint
{
    /// <summary>Returns <c>1;path;sha256:…;size;reference,…</c>.</summary>
    public static string Of(PathInfo info, StoreDirectory directory) =>
        $"1;{directory.Absolute(info.Path)};{info.NarHash.ToString(HashFormat.Nix32)};{info.NarSize};{string.Join(',', info.References.Select(directory.Absolute))}";

    /// <summary>Returns <paramref name="info"/> with the key's signature added.</summary>
    public static PathInfo Sign(this SecretKey key, PathInfo info, StoreDirectory directory)
    {
        var signature = key.Sign(Encoding.UTF8.GetBytes(Of(info, directory)));
        return info with { Signatures = [.. info.Signatures.Append(signature).Distinct().Order(StringComparer.Ordinal)] };
    }

    /// <summary>Counts the signatures of <paramref name="info"/> that trusted keys made.</summary>
    public static int CountSignatures(this PathInfo info, StoreDirectory directory, IEnumerable<PublicKey> trusted)
    {
        if (info.Signatures.IsEmpty)
        {
            return 0;
        }

        var text = Encoding.UTF8.GetBytes(Of(info, directory));
        var keys = trusted.ToArray();
        return info.Signatures.Count(s => keys.Any(k => k.IsSignatureOf(text, s)));
    }

    /// <summary>Tells whether the path of <paramref name="info"/> follows from the hash of its content and its references.</summary>
    public static bool IsContentAddressed(this PathInfo info, StoreDirectory directory)
    {
        if (info.ContentAddress is not { } address)
        {
            return false;
        }

        var others = info.OtherReferences.ToArray();
        var refersToSelf = others.Length < info.References.Length;
        var canRefer = address is { Method: ContentAddresses.ContentAddressMethod.NixArchive, Hash.Algorithm: HashAlgorithm.Sha256 }
            || (address.Method == ContentAddresses.ContentAddressMethod.Text && !refersToSelf);
        return (canRefer || info.References.IsEmpty)
            && directory.MakeContentAddressed(info.Path.Name, address, others, refersToSelf).Equals(info.Path);
    }
}
