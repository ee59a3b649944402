using System.Collections.Immutable;
using Firn.Fetching.Urls;
using Firn.Transfers;

namespace Firn.Fetching.Transfers;

/// <summary>Brings files here from this disk, over HTTP and from S3 buckets.</summary>
/// <param name="http">Does the latter.</param>
public sealed class FileTransfers(HttpTransfers http) : ITransfers
{
    public Transfer Get(string url, string knownETag, ImmutableArray<TransferHeader> headers)
    {
        var parsed = Url.Parse(url);
        return parsed.Transport switch
        {
            "file" => GetLocal(parsed),
            "http" or "https" or "s3" => GetRemote(parsed, knownETag, headers),
            _ => throw new FetchException(FetchErrors.Unsupported, $"unable to download '{UrlRedaction.Redact(url)}': nothing is known of the scheme '{parsed.Scheme}'", 1,
                "known are file, http, https and s3"),
        };
    }

    private Transfer GetRemote(Url url, string knownETag, ImmutableArray<TransferHeader> headers)
    {
        try
        {
            using var response = http.Get(new TransferRequest(new Uri(url.ToString())) { KnownETag = knownETag, Headers = headers, IsShown = true });
            return new Transfer(response.IsNotModified ? null : Save(response.Body), response.ETag, response.Urls, response.ImmutableUrl)
            {
                IsTemporary = true,
            };
        }
        catch (Exception e) when (e is TransferException or UriFormatException)
        {
            throw new FetchException(FetchErrors.Transfer, e is TransferException ? e.Message : $"unable to download '{UrlRedaction.Redact(url.ToString())}': {e.Message}");
        }
    }

    private static string Save(Stream body)
    {
        var path = Path.GetTempFileName();
        try
        {
            using var file = File.Create(path);
            body.CopyTo(file, 64 * 1024);
            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static Transfer GetLocal(Url url)
    {
        var file = new FileInfo(url.Path);
        return file.Exists && !Directory.Exists(url.Path)
            ? new Transfer((file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName, "", [url.ToString()], null)
            : throw new FetchException(FetchErrors.Transfer, $"unable to download '{url}': {(Directory.Exists(url.Path) ? "it is a directory" : "there is no such file")}");
    }
}
