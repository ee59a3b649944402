using System.Diagnostics.CodeAnalysis;
using System.Text;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.Text;

namespace Firn.Model.StorePaths;

/// <summary>The directory that a store's objects live in, <c>/nix/store</c> unless settings say otherwise; it enters every store path's digest.</summary>
public sealed record StoreDirectory(string Path)
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(Path + "/");

    /// <summary>The directory itself.</summary>
    public string Path { get; } = Path;

    /// <summary>What absolute paths start with, the last slash with it, in UTF-8.</summary>
    public ReadOnlySpan<byte> Prefix => _prefix;

    public static StoreDirectory Default { get; } = new("/nix/store");

    /// <summary>Returns the absolute path of an object.</summary>
    public string Absolute(StorePath path) => string.Create(Path.Length + 1 + path.Bytes.Length, (Path, path), (text, parts) =>
    {
        parts.Path.CopyTo(text);
        text[parts.Path.Length] = '/';
        Encoding.ASCII.GetChars(parts.path.Bytes, text[(parts.Path.Length + 1)..]);
    });

    public bool Equals(StoreDirectory? other) => other?.Path == Path;

    public override int GetHashCode() => string.GetHashCode(Path);

    /// <summary>Reads an absolute path of an object itself, not of something inside it.</summary>
    /// <exception cref="InvalidFormatException">It is not directly in this directory, or no store path.</exception>
    public StorePath Parse(string path) => TryStrip(path) is { } name
        ? StorePath.Parse(name)
        : throw new InvalidFormatException("store path", path, $"it is not in the Nix store ('{Path}')");

    /// <summary>Reads an absolute path of an object itself.</summary>
    public bool TryParse(string path, [NotNullWhen(true)] out StorePath? result)
    {
        result = null;
        return TryStrip(path) is { } name && StorePath.TryParse(name, out result);
    }

    /// <summary>Tells whether <paramref name="path"/> is an object or something inside one, going by its spelling.</summary>
    public bool Contains(string path) => TrySplit(path, out _, out _);

    /// <summary>Splits <c>/nix/store/x-name/rest</c> into the object and <c>/rest</c> (empty for the object itself).</summary>
    public bool TrySplit(string path, [NotNullWhen(true)] out StorePath? result, out string rest)
    {
        (result, rest) = (null, "");
        if (!path.StartsWith(Path + "/", StringComparison.Ordinal))
        {
            return false;
        }

        var slash = path.IndexOf('/', Path.Length + 1);
        var end = slash < 0 ? path.Length : slash;
        rest = path[end..];
        return StorePath.TryParse(path[(Path.Length + 1)..end], out result);
    }

    /// <summary>Makes the path whose digest is that of <c>type:hash:directory:name</c>.</summary>
    public StorePath Make(string type, Hash hash, string name)
    {
        using var fingerprint = new PooledWriter();
        fingerprint.Write(type);
        return Make(fingerprint, hash, name);
    }

    /// <summary>Makes the path of an output of a derivation called <paramref name="derivationName"/>.</summary>
    public StorePath MakeOutput(string output, Hash hash, string derivationName) =>
        Make("output:" + output, hash, OutputName.PathName(derivationName, output));

    /// <summary>Makes the path of content, with what it refers to.</summary>
    /// <exception cref="InvalidFormatException">References with a method that cannot have any, or a name no store path can have.</exception>
    public StorePath MakeContentAddressed(string name, ContentAddress address, IEnumerable<StorePath> references, bool refersToSelf = false)
    {
        switch (address.Method)
        {
            case ContentAddressMethod.Text:
                return Make("text"u8, references, refersToSelf, address.Hash, name);
            case ContentAddressMethod.NixArchive when address.Hash.Algorithm == HashAlgorithm.Sha256:
                return Make("source"u8, references, refersToSelf, address.Hash, name);
            default:
                if (refersToSelf || references.Any())
                {
                    throw new InvalidFormatException("content address", address.ToString(), $"fixed output derivation '{name}' is not allowed to refer to other store paths");
                }

                var payload = $"fixed:out:{address.Method.Prefix()}{address.Hash.ToString(HashFormat.Base16)}:";
                return Make("output:out", Hash.Sha256(Encoding.UTF8.GetBytes(payload)), name);
        }
    }

    /// <summary>Makes the path of a fingerprint whose type is written already.</summary>
    internal StorePath Make(PooledWriter fingerprint, Hash hash, string name)
    {
        fingerprint.Write(":"u8);
        fingerprint.Write(hash.Algorithm.Name());
        fingerprint.Write(":"u8);
        fingerprint.WriteBase16(hash.Bytes);
        fingerprint.Write(":"u8);
        fingerprint.Write(_prefix.AsSpan(0, _prefix.Length - 1));
        fingerprint.Write(":"u8);
        fingerprint.Write(name);
        Span<byte> digest = stackalloc byte[32];
        Span<byte> folded = stackalloc byte[20];
        System.Security.Cryptography.SHA256.HashData(fingerprint.Written, digest);
        Hash.Fold(digest, folded);
        return StorePath.Of(folded, name);
    }

    private StorePath Make(ReadOnlySpan<byte> type, IEnumerable<StorePath> references, bool refersToSelf, Hash hash, string name)
    {
        using var fingerprint = new PooledWriter();
        fingerprint.Write(type);
        foreach (var reference in references.Order())
        {
            fingerprint.Write(":"u8);
            fingerprint.Write(_prefix);
            fingerprint.Write(reference.Bytes);
        }

        fingerprint.Write(refersToSelf ? ":self"u8 : default);
        return Make(fingerprint, hash, name);
    }

    private string? TryStrip(string path) =>
        path.Length > Path.Length + 1 && path.StartsWith(Path, StringComparison.Ordinal) && path[Path.Length] == '/'
            && !path.AsSpan(Path.Length + 1).Contains('/')
            ? path[(Path.Length + 1)..]
            : null;
}
