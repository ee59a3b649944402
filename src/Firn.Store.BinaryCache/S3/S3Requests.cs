using Firn.Model.Hashing;
using Firn.Store.BinaryCache.Http;
using Firn.Transfers;
using Firn.Transfers.S3;

namespace Firn.Store.BinaryCache.S3;

/// <summary>Requests to an S3 server: each is signed as it is sent, if there is a key.</summary>
public sealed class S3Requests(S3Address address, AwsCredentials? credentials, TimeProvider time) : IRequestMaker
{
    private readonly S3Signer _signer = new(credentials, address.Region, time);

    public TransferRequest Make(string path)
    {
        // Nothing is signed that goes to another server, whatever a narinfo file says.
        if (path.Length == 0 || path.StartsWith('/') || !Uri.TryCreate(address.Uri, path, out var uri) || !address.Uri.IsBaseOf(uri))
        {
            throw new StoreException(StoreErrors.BadFile, $"'{path}' is not the name of a file in the bucket '{address.Uri}'");
        }

        return Signed(new TransferRequest(uri));
    }

    public void Upload(HttpTransfers transfers, string path, TransferContent content)
    {
        if (address.Parts.SizeFor(content.Length) is { } size)
        {
            new MultipartUpload(this, transfers, path).Run(content, size);
            return;
        }

        transfers.Send(ForStorage(Make(path)) with { Method = HttpMethod.Put, IsShown = true, Content = content, Sign = Signature(content) }).Dispose();
    }

    /// <summary>Adds how what is stored is to be kept.</summary>
    internal TransferRequest ForStorage(TransferRequest request) =>
        address.StorageClass is { } storage ? request with { Headers = [.. request.Headers, new("x-amz-storage-class", storage)] } : request;

    /// <summary>Signs a request that sends nothing.</summary>
    internal TransferRequest Signed(TransferRequest request) => request with { Sign = message => _signer.Sign(message, AwsSignature.EmptyHash) };

    /// <summary>Signs a request with all that it sends.</summary>
    internal Action<HttpRequestMessage> Signature(TransferContent content)
    {
        using var hash = new HashStream(HashAlgorithm.Sha256);
        using var body = content.Open();
        body.CopyTo(hash, 128 * 1024);
        var text = hash.Finish().Digest(HashFormat.Base16);
        return message => _signer.Sign(message, text);
    }
}
