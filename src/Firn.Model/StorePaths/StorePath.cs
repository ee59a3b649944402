using System.Diagnostics.CodeAnalysis;
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

    private readonly string _text;
    private string? _absolute;

    private StorePath(string text) => _text = text;

    /// <summary>The digest in Nix base-32.</summary>
    public string Digest => _text[..DigestLength];

    /// <summary>The part after the digest, such as <c>hello-2.12.1</c>.</summary>
    public string Name => _text[(DigestLength + 1)..];

    public bool IsDerivation => _text.EndsWith(".drv", StringComparison.Ordinal);

    /// <summary>Makes the path of a 20-byte digest; the name must be valid.</summary>
    /// <exception cref="InvalidFormatException">The name is not one that a store object can have.</exception>
    public static StorePath Of(ReadOnlySpan<byte> digest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, 20);
        var text = $"{Nix32.Encode(digest)}-{name}";
        return StorePathName.FindProblem(name) is { } problem
            ? throw new InvalidFormatException("store path", text, problem)
            : new StorePath(text);
    }

    /// <summary>Reads <c>digest-name</c>, without a directory.</summary>
    /// <exception cref="InvalidFormatException">The text is not the name of a store object.</exception>
    public static StorePath Parse(string text) =>
        FindProblem(text) is { } problem ? throw new InvalidFormatException("store path", text, problem) : new(text);

    /// <summary>Reads <c>digest-name</c>, without a directory.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StorePath? path)
    {
        path = FindProblem(text) is null ? new StorePath(text) : null;
        return path is not null;
    }

    public int CompareTo(StorePath? other) => string.CompareOrdinal(_text, other?._text);

    public bool Equals(StorePath? other) => _text == other?._text;

    public override bool Equals(object? obj) => Equals(obj as StorePath);

    public override int GetHashCode() => string.GetHashCode(_text.AsSpan(0, Math.Min(_text.Length, 12)));

    public override string ToString() => _text;

    /// <summary>Returns the path below <paramref name="directory"/>; the same text as the last time if it was the same directory.</summary>
    internal string Below(string directory)
    {
        var known = _absolute;
        return known is not null && known.Length == directory.Length + 1 + _text.Length && known.StartsWith(directory, StringComparison.Ordinal)
            ? known
            : _absolute = $"{directory}/{_text}";
    }

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
