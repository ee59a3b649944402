using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Firn.CacheServer.Metadata;

/// <summary>What is kept of a token: who has it and what it allows, but not the token.</summary>
/// <param name="Id">Its number, by which it is revoked.</param>
/// <param name="Name">What it is for, in its maker's words.</param>
/// <param name="Digest">The SHA-256 of the token.</param>
/// <param name="CacheId">The cache that it is for; null for all.</param>
/// <param name="MayPull">Whether it lets one fetch.</param>
/// <param name="MayPush">Whether it lets one upload.</param>
public sealed record AccessToken(long Id, string Name, string Digest, long? CacheId, bool MayPull, bool MayPush)
{
    private const string Prefix = "firn_";
    private const int SecretLength = 32;

    public DateTimeOffset Created { get; init; }

    /// <summary>From when on it is worth nothing; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Makes the text of a new token.</summary>
    public static string MakeText() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretLength));

    /// <summary>Tells whether a text can be a token.</summary>
    public static bool IsWellFormed(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.Length == Prefix.Length + Base64Url.GetEncodedLength(SecretLength)
        && Base64Url.IsValid(text.AsSpan(Prefix.Length));

    /// <summary>Returns what is kept of a token's text; with 256 random bits in it, one round of hashing is enough.</summary>
    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Tells whether it is good at <paramref name="now"/>.</summary>
    public bool IsGood(DateTimeOffset now) => Revoked is null && (Expires is not { } end || now < end);

    /// <summary>Tells whether it is good for <paramref name="cache"/>.</summary>
    public bool Covers(NamedCache cache) => CacheId is not { } only || only == cache.Id;
}
