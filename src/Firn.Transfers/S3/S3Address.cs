namespace Firn.Transfers.S3;

/// <summary>Where a bucket is, as <c>s3://bucket/folder?endpoint=…&amp;region=…</c> says it.</summary>
/// <param name="Uri">The bucket, or a folder in it, on its server; ends in a slash.</param>
/// <param name="Region">The region, which signatures name.</param>
/// <param name="Profile">Whose credentials are used.</param>
/// <param name="StorageClass">How what is uploaded is stored; null for as usual there.</param>
/// <param name="Parts">How large files are uploaded.</param>
public sealed record S3Address(Uri Uri, string Region, string Profile, string? StorageClass, S3Parts Parts)
{
    /// <summary>Works out the address.</summary>
    /// <param name="bucket">The bucket, perhaps with a folder behind a slash.</param>
    /// <param name="parameters">What stands behind the question mark.</param>
    /// <exception cref="TransferException">There can be no such bucket.</exception>
    public static S3Address Parse(string bucket, IReadOnlyDictionary<string, string> parameters)
    {
        string? Text(string name) => parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        var slash = bucket.IndexOf('/');
        var (name, folder) = slash < 0 ? (bucket, "") : (bucket[..slash], bucket[(slash + 1)..].Trim('/'));
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
        {
            throw Bad($"'s3://{bucket}' has a missing or invalid bucket name");
        }

        var region = Text("region") ?? "us-east-1";
        var endpoint = Text("endpoint");
        var isVirtual = Text("addressing-style") switch
        {
            null or "auto" => endpoint is null && !name.Contains('.'),
            "path" => false,
            // The server's certificate is for names of one part.
            "virtual" when name.Contains('.') => throw Bad($"bucket name '{name}' contains a dot, which is incompatible with virtual-hosted-style addressing; use 'addressing-style=path' instead"),
            "virtual" => true,
            var style => throw Bad($"unknown S3 addressing style '{style}', expected 'auto', 'path', or 'virtual'"),
        };
        var text = endpoint is null ? $"{Text("scheme") ?? "https"}://s3.{region}.amazonaws.com"
            : endpoint.Contains("://", StringComparison.Ordinal) ? endpoint
            : $"{Text("scheme") ?? "https"}://{endpoint}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
        {
            throw Bad($"'{text}' is not the address of an S3 server");
        }

        var host = isVirtual ? $"{name}.{server.Authority}" : server.Authority;
        string[] path = [server.AbsolutePath.Trim('/'), isVirtual ? "" : name, folder];
        var whole = string.Join('/', path.Where(p => p.Length > 0));
        return new S3Address(
            new Uri($"{server.Scheme}://{host}/{whole}{(whole.Length > 0 ? "/" : "")}"), region, Text("profile") ?? "default", Text("storage-class"),
            S3Parts.Parse(parameters));
    }

    internal static TransferException Bad(string message) => new(TransferFailure.Refused, message);
}
