using System.Diagnostics.CodeAnalysis;
using Firn.Model.Diagnostics;

namespace Firn.Model.Hashing;

/// <summary>Reads hashes in all the forms that people and files write them.</summary>
public static class HashText
{
    /// <summary>Tells in which format <paramref name="text"/> writes <paramref name="hash"/>, which was read from it.</summary>
    public static HashFormat FormatOf(string text, Hash hash)
    {
        var (_, digest, isSri) = Split(text);
        var size = hash.Bytes.Length;
        return isSri ? HashFormat.Sri
            : digest.Length == size * 2 ? HashFormat.Base16
            : digest.Length == Nix32.EncodedLength(size) ? HashFormat.Nix32
            : HashFormat.Base64;
    }

    internal static Hash Parse(ReadOnlySpan<char> text, HashAlgorithm? wanted)
    {
        var (named, digest, isSri) = Split(text);
        if (named is { } name && HashAlgorithms.Find(name) is null)
        {
            throw new InvalidFormatException("hash", text.ToString(), $"'{name}' is not a hash algorithm; there are md5, sha1, sha256, sha512 and blake3");
        }

        var found = named is { } known ? HashAlgorithms.Find(known) : null;
        if (found is { } a && wanted is { } b && a != b)
        {
            throw new InvalidFormatException("hash", text.ToString(), $"hash '{text}' should have type '{b.Name()}'");
        }

        if ((found ?? wanted) is not { } algorithm)
        {
            throw new InvalidFormatException("hash", text.ToString(), "it does not say which algorithm it is of, and none was given");
        }

        string? problem;
        Hash? hash;
        var good = isSri ? TryBase64(digest, algorithm, out hash, out problem) : TryParseDigest(digest, algorithm, out hash, out problem);
        return good ? hash! : throw new InvalidFormatException("hash", text.ToString(), problem!);
    }

    internal static bool TryParseDigest(
        ReadOnlySpan<char> digest, HashAlgorithm algorithm, [NotNullWhen(true)] out Hash? hash, [NotNullWhen(false)] out string? problem)
    {
        hash = null;
        problem = $"hash '{digest}' has wrong length for hash algorithm '{algorithm.Name()}'";
        var size = algorithm.Size();
        if (digest.Length == size * 2)
        {
            problem = "it has a character that is no base-16 digit";
            var bytes = new byte[size];
            if (Convert.FromHexString(digest, bytes, out _, out _) == System.Buffers.OperationStatus.Done)
            {
                (hash, problem) = (new Hash(algorithm, bytes), null!);
                return true;
            }

            return false;
        }

        if (digest.Length == Nix32.EncodedLength(size))
        {
            problem = "it has a character that is no Nix base-32 digit (e, o, t and u are none), or bits beyond its end";
            if (Nix32.TryDecode(digest, out var bytes))
            {
                (hash, problem) = (new Hash(algorithm, bytes), null!);
                return true;
            }

            return false;
        }

        return digest.Length == (size + 2) / 3 * 4 && TryBase64(digest, algorithm, out hash, out problem);
    }

    private static bool TryBase64(
        ReadOnlySpan<char> digest, HashAlgorithm algorithm, [NotNullWhen(true)] out Hash? hash, [NotNullWhen(false)] out string? problem)
    {
        var bytes = new byte[Math.Max(digest.Length, 64)];
        (hash, problem) = (null, null);
        // Older files leave out the padding.
        digest = digest.Length % 4 == 0 ? digest : digest.ToString().PadRight((digest.Length + 3) / 4 * 4, '=');
        if (!Convert.TryFromBase64Chars(digest, bytes, out var count))
        {
            problem = "it has a character that is no base-64 digit";
            return false;
        }

        if (count != algorithm.Size())
        {
            problem = $"it has {count} bytes, and {algorithm.Name()} has {algorithm.Size()}";
            return false;
        }

        hash = new Hash(algorithm, bytes.AsSpan(0, count));
        return true;
    }

    private static (string? Algorithm, string Digest, bool IsSri) Split(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        if (colon >= 0)
        {
            return (text[..colon].ToString(), text[(colon + 1)..].ToString(), false);
        }

        var dash = text.IndexOf('-');
        return dash >= 0
            ? (text[..dash].ToString(), text[(dash + 1)..].ToString(), true)
            : (null, text.ToString(), false);
    }
}
