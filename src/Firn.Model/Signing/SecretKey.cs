using Firn.Model.Diagnostics;
using NSec.Cryptography;

namespace Firn.Model.Signing;

/// <summary>A named Ed25519 key that signs, written <c>name:base64</c> of its seed and public half.</summary>
public sealed class SecretKey : IDisposable
{
    private const int SeedLength = 32;

    private readonly Key _key;

    private SecretKey(string name, Key key) => (Name, _key) = (name, key);

    public string Name { get; }

    /// <summary>The key that checks what this one signs.</summary>
    public PublicKey PublicKey => new(Name, _key.PublicKey);

    /// <summary>Makes a new key.</summary>
    public static SecretKey Generate(string name) =>
        new(name, Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <summary>Reads <c>name:base64</c>.</summary>
    /// <exception cref="InvalidFormatException">It is not in that form; the message does not repeat the key.</exception>
    public static SecretKey Parse(string text)
    {
        var (name, bytes) = NamedKey.Parse("secret key", text, isSecret: true);
        return bytes.Length == SeedLength + 32
            && Key.TryImport(
                SignatureAlgorithm.Ed25519, bytes.AsSpan(0, SeedLength), KeyBlobFormat.RawPrivateKey, out var key,
                new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport })
            ? new SecretKey(name, key!)
            : throw new InvalidFormatException("secret key", "it must hold 64 bytes");
    }

    /// <summary>Signs <paramref name="text"/>; returns <c>name:base64</c>.</summary>
    public string Sign(ReadOnlySpan<byte> text) => $"{Name}:{Convert.ToBase64String(SignatureAlgorithm.Ed25519.Sign(_key, text))}";

    /// <summary>Writes the key as its file holds it.</summary>
    public string Export() =>
        $"{Name}:{Convert.ToBase64String([.. _key.Export(KeyBlobFormat.RawPrivateKey), .. _key.PublicKey.Export(KeyBlobFormat.RawPublicKey)])}";

    public void Dispose() => _key.Dispose();
}
