namespace Firn.Transfers.S3;

/// <summary>One file in a bucket, as <c>s3://bucket/folder/file?region=…</c> names it.</summary>
internal static class S3Object
{
    /// <summary>Makes of the request for such an address the one that an S3 server understands.</summary>
    /// <exception cref="TransferException">The address names no file.</exception>
    internal static TransferRequest Locate(TransferRequest request, Func<string, string?> environment, TimeProvider time)
    {
        var url = request.Uri.OriginalString.Split('#')[0];
        var (where, query) = url.Split('?', 2) is [var before, var after] ? (before, after) : (url, "");
        var path = where["s3://".Length..];
        var slash = path.IndexOf('/');
        if (slash < 0 || slash + 1 == path.Length)
        {
            throw S3Address.Bad($"'{url}' names no file in a bucket");
        }

        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2))
            .Where(p => p.Length == 2).DistinctBy(p => p[0]).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        var address = S3Address.Parse(path[..slash], parameters);
        var version = parameters.TryGetValue("versionId", out var id) ? $"?versionId={Uri.EscapeDataString(id)}" : "";
        var signer = new S3Signer(AwsCredentials.Find(address.Profile, environment), address.Region, time);
        return request with
        {
            Uri = new Uri($"{address.Uri}{path[(slash + 1)..]}{version}"),
            Sign = message => signer.Sign(message, AwsSignature.EmptyHash),
        };
    }
}
