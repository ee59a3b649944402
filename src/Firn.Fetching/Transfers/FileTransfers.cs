using System.Collections.Immutable;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;

namespace Firn.Fetching.Transfers;

/// <summary>Brings files here from this disk and over HTTP.</summary>
public sealed class FileTransfers(FetchSettings settings, IMessageLog log, CancellationToken cancellationToken) : ITransfers, IDisposable
{
    private HttpTransfers? _http;

    public Transfer Get(string url, string knownETag, ImmutableArray<TransferHeader> headers)
    {
        var parsed = Url.Parse(url);
        return parsed.Transport switch
        {
            "file" => GetLocal(parsed),
            "http" or "https" => (_http ??= new HttpTransfers(settings, log, cancellationToken)).Get(parsed, knownETag, headers),
            _ => throw new FetchException(FetchErrors.Unsupported, $"unable to download '{UrlRedaction.Redact(url)}': nothing is known of the scheme '{parsed.Scheme}'", 1,
                "known are file, http and https"),
        };
    }

    public void Dispose() => _http?.Dispose();

    private static Transfer GetLocal(Url url)
    {
        var file = new FileInfo(url.Path);
        return file.Exists && !Directory.Exists(url.Path)
            ? new Transfer((file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName, "", [url.ToString()], null)
            : throw new FetchException(FetchErrors.Transfer, $"unable to download '{url}': {(Directory.Exists(url.Path) ? "it is a directory" : "there is no such file")}");
    }
}
