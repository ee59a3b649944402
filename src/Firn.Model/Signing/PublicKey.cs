using Firn.Model.Diagnostics;
using NSec.Cryptography;

namespace Firn.Model.Signing;

/// <summary>A named Ed25519 key that checks signatures, written <c>name:base64</c>.</summary>
public sealed class PublicKey
{
    private readonly NSec.Cryptography.PublicKey _key;

    internal PublicKey(string name, NSec.Cryptography.PublicKey key) => (Name, _key) = (name, key);

    public string Name { get; }

    /// <summary>Reads <c>name:base64</c>.</summary>
    /// <exception cref="InvalidFormatException">It is not in that form.</exception>
    public static PublicKey Parse(string text)
    {
        var (name, bytes) = NamedKey.Parse("public key", text);
        return NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var key)
            ? new PublicKey(name, key!)
            : throw new InvalidFormatException("public key", text, "it must hold 32 bytes");
    }

    /// <summary>Tells whether <paramref name="signature"/>, which is <c>name:base64</c>, is this key's of <paramref name="text"/>.</summary>
    public bool IsSignatureOf(ReadOnlySpan<byte> text, string signature)
    {
        var colon = signature.IndexOf(':');
        if (colon < 0 || signature[..colon] != Name)
        {
            return false;
        }

        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature[(colon + 1)..], bytes, out var length)
            && length == SignatureAlgorithm.Ed25519.SignatureSize
            && SignatureAlgorithm.Ed25519.Verify(_key, text, bytes.AsSpan(0, length));
    }

    public override string ToString() => $"{Name}:{Convert.ToBase64String(_key.Export(KeyBlobFormat.RawPublicKey))}";
}
