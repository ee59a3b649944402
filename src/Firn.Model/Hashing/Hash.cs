using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Firn.Model.Diagnostics;

namespace Firn.Model.Hashing;

/// <summary>How a digest is written.</summary>
public enum HashFormat
{
    Base16,
    Nix32,
    Base64,
    Sri,
}

/// <summary>A digest and the function that made it.</summary>
public sealed class Hash : IEquatable<Hash>
{
    private readonly byte[] _bytes;

    public Hash(HashAlgorithm algorithm, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, algorithm.Size());
        (Algorithm, _bytes) = (algorithm, bytes.ToArray());
    }

    public HashAlgorithm Algorithm { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The all-zero SHA-256, which stands for "not known yet" in <c>lib.fakeHash</c> and friends.</summary>
    public static Hash Zero(HashAlgorithm algorithm) => new(algorithm, new byte[algorithm.Size()]);

    /// <summary>Hashes <paramref name="content"/>.</summary>
    public static Hash Of(HashAlgorithm algorithm, ReadOnlySpan<byte> content)
    {
        if (algorithm == HashAlgorithm.Blake3)
        {
            var stream = new HashStream(algorithm);
            stream.Append(content);
            return stream.Finish();
        }

        Span<byte> digest = stackalloc byte[64];
        return new(algorithm, digest[..CryptographicOperations.HashData(algorithm.ToFramework(), content, digest)]);
    }

    /// <summary>Hashes <paramref name="content"/> with SHA-256.</summary>
    public static Hash Sha256(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(content, digest);
        return new(HashAlgorithm.Sha256, digest);
    }

    /// <summary>Reads <c>algo:digest</c>, <c>algo-base64</c> (SRI), or a bare digest when the algorithm is given.</summary>
    /// <exception cref="InvalidFormatException">The text is no hash, or one of another algorithm.</exception>
    public static Hash Parse(ReadOnlySpan<char> text, HashAlgorithm? algorithm = null) => HashText.Parse(text, algorithm);

    /// <summary>Reads a bare digest of <paramref name="algorithm"/>, in the format its length tells.</summary>
    public static bool TryParseDigest(ReadOnlySpan<char> digest, HashAlgorithm algorithm, [NotNullWhen(true)] out Hash? hash) =>
        HashText.TryParseDigest(digest, algorithm, out hash, out _);

    /// <summary>Writes the digest alone; <see cref="HashFormat.Sri"/> always names the algorithm.</summary>
    public string Digest(HashFormat format) => format switch
    {
        HashFormat.Base16 => Convert.ToHexStringLower(_bytes),
        HashFormat.Nix32 => Nix32.Encode(_bytes),
        HashFormat.Base64 => Convert.ToBase64String(_bytes),
        _ => $"{Algorithm.Name()}-{Convert.ToBase64String(_bytes)}",
    };

    /// <summary>Writes <c>algo:digest</c>, or the SRI form.</summary>
    public string ToString(HashFormat format) =>
        format == HashFormat.Sri ? Digest(format) : $"{Algorithm.Name()}:{Digest(format)}";

    public override string ToString() => ToString(HashFormat.Nix32);

    /// <summary>Folds the digest to <paramref name="size"/> bytes by exclusive or, as store paths do.</summary>
    public byte[] Fold(int size)
    {
        var folded = new byte[size];
        Fold(_bytes, folded);
        return folded;
    }

    /// <summary>Folds <paramref name="digest"/> into <paramref name="folded"/>, which is zeros.</summary>
    internal static void Fold(ReadOnlySpan<byte> digest, Span<byte> folded)
    {
        for (var i = 0; i < digest.Length; i++)
        {
            folded[i % folded.Length] ^= digest[i];
        }
    }

    public bool Equals(Hash? other) => other is not null && Algorithm == other.Algorithm && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => Equals(obj as Hash);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes);
}
