namespace Firn.Transfers.S3;

/// <summary>Signs requests as they are sent.</summary>
/// <param name="credentials">Who asks; null for nobody in particular, as of buckets that are open to all.</param>
/// <param name="region">Where the bucket is.</param>
/// <param name="time">What time it is.</param>
public sealed class S3Signer(AwsCredentials? credentials, string region, TimeProvider time)
{
    private const string Own = "x-amz-";

    /// <summary>Adds the headers that say who asks, when and for what.</summary>
    /// <param name="message">The request, with all other headers that concern S3.</param>
    /// <param name="contentHash">The SHA-256 of what is sent, in base 16.</param>
    public void Sign(HttpRequestMessage message, string contentHash)
    {
        if (credentials is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        var uri = message.RequestUri!;
        message.Headers.TryAddWithoutValidation(Own + "content-sha256", contentHash);
        message.Headers.TryAddWithoutValidation(Own + "date", AwsSignature.Stamp(now));
        if (credentials.SessionToken is { } token)
        {
            message.Headers.TryAddWithoutValidation(Own + "security-token", token);
        }

        var headers = message.Headers.NonValidated.Where(h => h.Key.StartsWith(Own, StringComparison.OrdinalIgnoreCase)).ToDictionary(h => h.Key, h => h.Value.ToString());
        headers["host"] = uri.Authority;
        message.Headers.TryAddWithoutValidation(
            "Authorization", AwsSignature.Authorize(message.Method.Method, uri, headers, contentHash, credentials, region, now));
    }
}
