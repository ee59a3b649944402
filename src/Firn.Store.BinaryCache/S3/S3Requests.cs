using Firn.Model.Hashing;
using Firn.Store.BinaryCache.Http;
using Firn.Transfers;

namespace Firn.Store.BinaryCache.S3;

/// <summary>Requests to an S3 server: each is signed as it is sent, if there is a key.</summary>
public sealed class S3Requests(S3Address address, AwsCredentials? credentials, TimeProvider time) : IRequestMaker
{
    public TransferRequest Make(string path)
    {
        // Nothing is signed that goes to another server, whatever a narinfo file says.
        if (path.Length == 0 || path.StartsWith('/') || !Uri.TryCreate(address.Uri, path, out var uri) || !address.Uri.IsBaseOf(uri))
        {
            throw new StoreException(StoreErrors.BadFile, $"'{path}' is not the name of a file in the bucket '{address.Uri}'");
        }

        return new TransferRequest(uri) { Sign = message => Sign(message, AwsSignature.EmptyHash) };
    }

    public TransferRequest ForUpload(TransferRequest request)
    {
        var hash = request.Content is { } content ? HashOf(content) : AwsSignature.EmptyHash;
        return request with { Method = HttpMethod.Put, Sign = message => Sign(message, hash) };
    }

    private static string HashOf(TransferContent content)
    {
        using var hash = new HashStream(HashAlgorithm.Sha256);
        using var body = content.Open();
        body.CopyTo(hash, 128 * 1024);
        return hash.Finish().Digest(HashFormat.Base16);
    }

    private void Sign(HttpRequestMessage message, string contentHash)
    {
        if (credentials is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        var uri = message.RequestUri!;
        var headers = new Dictionary<string, string>
        {
            ["host"] = uri.Authority,
            ["x-amz-content-sha256"] = contentHash,
            ["x-amz-date"] = AwsSignature.Stamp(now),
        };
        if (credentials.SessionToken is { } token)
        {
            headers["x-amz-security-token"] = token;
        }

        if (address.StorageClass is { } storage && message.Method == HttpMethod.Put)
        {
            headers["x-amz-storage-class"] = storage;
        }

        foreach (var (name, value) in headers.Where(h => h.Key != "host"))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.TryAddWithoutValidation(
            "Authorization", AwsSignature.Authorize(message.Method.Method, uri, headers, contentHash, credentials, address.Region, now));
    }
}
