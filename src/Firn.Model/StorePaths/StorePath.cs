using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;

namespace Firn.Model.StorePaths;

/// <summary>The name of one object in a store: a 160-bit digest and a human-readable name.</summary>
/// <remarks>Holds no store directory; <see cref="StoreDirectory"/> turns it into an absolute path.</remarks>
public sealed class StorePath : IEquatable<StorePath>, IComparable<StorePath>
{
    /// <summary>How many base-32 digits a store path starts with.</summary>
    public const int DigestLength = 32;

    /// <summary>How long the part behind the digest may be.</summary>
    public const int MaxNameLength = 211;

    // All characters are ASCII. Paths by the thousand outlive an evaluation's first collections, so there is no text beside it.
    private readonly byte[] _text;

    private StorePath(byte[] text) => _text = text;

    /// <summary>The digest in Nix base-32.</summary>
    public string Digest => Encoding.ASCII.GetString(_text, 0, DigestLength);

    /// <summary>The part after the digest, such as <c>hello-2.12.1</c>.</summary>
    public string Name => Encoding.ASCII.GetString(_text.AsSpan(DigestLength + 1));

    public bool IsDerivation => Bytes.EndsWith(".drv"u8);

    /// <summary>What <see cref="ToString"/> says, in ASCII.</summary>
    public ReadOnlySpan<byte> Bytes => _text;

    /// <summary>Makes the path of a 20-byte digest; the name must be valid.</summary>
    /// <exception cref="InvalidFormatException">The name is not one that a store object can have.</exception>
    public static StorePath Of(ReadOnlySpan<byte> digest, string name) => StorePathName.FindProblem(name) is { } problem
        ? throw new InvalidFormatException("store path", $"{Nix32.Encode(digest)}-{name}", problem)
        : Of(digest, Encoding.ASCII.GetBytes(name));

    /// <summary>Reads <c>digest-name</c>, without a directory.</summary>
    /// <exception cref="InvalidFormatException">The text is not the name of a store object.</exception>
    public static StorePath Parse(string text) => FindProblem(text) is { } problem
        ? throw new InvalidFormatException("store path", text, problem)
        : new(Encoding.ASCII.GetBytes(text));

    /// <summary>Reads <c>digest-name</c>, without a directory.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StorePath? path)
    {
        path = FindProblem(text) is null ? new StorePath(Encoding.ASCII.GetBytes(text)) : null;
        return path is not null;
    }

    public int CompareTo(StorePath? other)
    {
        if (other is null)
        {
            return 1;
        }

        // Digests hardly ever share their first eight digits.
        var (left, right) = (Rank, other.Rank);
        return left != right ? left.CompareTo(right) : Bytes.SequenceCompareTo(other.Bytes);
    }

    public bool Equals(StorePath? other) => ReferenceEquals(this, other) || (other is not null && Bytes.SequenceEqual(other.Bytes));

    public override bool Equals(object? obj) => Equals(obj as StorePath);

    public override int GetHashCode() => HashCode.Combine(Rank);

    public override string ToString() => Encoding.ASCII.GetString(_text);

    /// <summary>Makes the path of a 20-byte digest and a name that is known to be valid.</summary>
    internal static StorePath Of(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> name)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, 20);
        var text = new byte[DigestLength + 1 + name.Length];
        Nix32.Encode(digest, text);
        text[DigestLength] = (byte)'-';
        name.CopyTo(text.AsSpan(DigestLength + 1));
        return new StorePath(text);
    }

    private ulong Rank => BinaryPrimitives.ReadUInt64BigEndian(_text);

    private static string? FindProblem(string text)
    {
        if (text.Length < DigestLength + 1)
        {
            return $"'{text}' is too short to be a valid store path";
        }

        foreach (var c in text.AsSpan(0, DigestLength))
        {
            if (!Nix32.IsDigit(c))
            {
                return $"it contains illegal base-32 character '{c}'";
            }
        }

        return text[DigestLength] != '-'
            ? "a digest of 32 characters and a '-' must come first"
            : StorePathName.FindProblem(text.AsSpan(DigestLength + 1));
    }
}
