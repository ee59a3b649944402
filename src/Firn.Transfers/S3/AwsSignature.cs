using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Firn.Transfers.S3;

/// <summary>Signs requests as S3 servers want it (AWS signature, version 4). Pure.</summary>
public static class AwsSignature
{
    /// <summary>The hash of nothing, for requests without content.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Returns the value of the header <c>Authorization</c>.</summary>
    /// <param name="method">Such as <c>GET</c>.</param>
    /// <param name="uri">What is asked for.</param>
    /// <param name="headers">The headers that the signature covers: <c>host</c>, all of <c>x-amz-…</c>, and more if wanted.</param>
    /// <param name="contentHash">The SHA-256 of what is sent, in base 16.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="region">Where the bucket is.</param>
    /// <param name="time">When; the header <c>x-amz-date</c> says the same.</param>
    public static string Authorize(
        string method, Uri uri, IReadOnlyDictionary<string, string> headers, string contentHash, AwsCredentials credentials, string region, DateTimeOffset time)
    {
        var sorted = headers.Select(h => (Name: h.Key.ToLowerInvariant(), Value: h.Value.Trim())).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', sorted.Select(h => h.Name));
        var canonical = string.Join('\n', [
            method, CanonicalPath(uri), CanonicalQuery(uri), .. sorted.Select(h => $"{h.Name}:{h.Value}"), "", names, contentHash]);
        var day = time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var scope = $"{day}/{region}/s3/aws4_request";
        var toSign = $"{Algorithm}\n{Stamp(time)}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { day, region, "s3", "aws4_request" }
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        var signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return $"{Algorithm} Credential={credentials.AccessKey}/{scope},SignedHeaders={names},Signature={signature}";
    }

    /// <summary>The form of times in requests.</summary>
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    // Each part escaped but for letters, digits and four marks, whichever way it was written in the address.
    private static string CanonicalPath(Uri uri) =>
        string.Join('/', uri.AbsolutePath.Split('/').Select(p => Uri.EscapeDataString(Uri.UnescapeDataString(p))));

    private static string CanonicalQuery(Uri uri) => string.Join('&', uri.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2))
        .Select(p => (Name: Escape(p[0]), Value: Escape(p.ElementAtOrDefault(1) ?? "")))
        .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal)
        .Select(p => $"{p.Name}={p.Value}"));

    private static string Escape(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
