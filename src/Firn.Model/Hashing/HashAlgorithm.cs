using System.Security.Cryptography;

namespace Firn.Model.Hashing;

/// <summary>The hash functions that Nix knows.</summary>
public enum HashAlgorithm
{
    Md5,
    Sha1,
    Sha256,
    Sha512,
    Blake3,
}

/// <summary>What is fixed about each hash function.</summary>
public static class HashAlgorithms
{
    /// <summary>Returns the name in hashes and derivations, such as <c>sha256</c>.</summary>
    public static string Name(this HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Md5 => "md5",
        HashAlgorithm.Sha1 => "sha1",
        HashAlgorithm.Sha256 => "sha256",
        HashAlgorithm.Sha512 => "sha512",
        _ => "blake3",
    };

    /// <summary>Returns how many bytes a digest has.</summary>
    public static int Size(this HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Md5 => 16,
        HashAlgorithm.Sha1 => 20,
        HashAlgorithm.Sha512 => 64,
        _ => 32,
    };

    /// <summary>Returns the algorithm called <paramref name="name"/>, or null.</summary>
    public static HashAlgorithm? Find(ReadOnlySpan<char> name) => name switch
    {
        "md5" => HashAlgorithm.Md5,
        "sha1" => HashAlgorithm.Sha1,
        "sha256" => HashAlgorithm.Sha256,
        "sha512" => HashAlgorithm.Sha512,
        "blake3" => HashAlgorithm.Blake3,
        _ => null,
    };

    internal static HashAlgorithmName ToFramework(this HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Md5 => HashAlgorithmName.MD5,
        HashAlgorithm.Sha1 => HashAlgorithmName.SHA1,
        HashAlgorithm.Sha256 => HashAlgorithmName.SHA256,
        HashAlgorithm.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new NotSupportedException($"{algorithm.Name()} is not one of the framework's hashes"),
    };
}
