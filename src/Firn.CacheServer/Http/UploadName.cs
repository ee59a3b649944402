using Firn.Archive.Compression;

namespace Firn.CacheServer.Http;

/// <summary>Tells from the name under which a NAR is uploaded how it is compressed.</summary>
public static class UploadName
{
    private static readonly CompressionMethod[] _methods =
        [CompressionMethod.Xz, CompressionMethod.Zstd, CompressionMethod.Bzip2, CompressionMethod.Gzip, CompressionMethod.Brotli];

    /// <summary>Returns how a file is compressed, or null when that is not known here.</summary>
    public static CompressionMethod? MethodOf(string file)
    {
        if (file.EndsWith(".nar", StringComparison.Ordinal))
        {
            return CompressionMethod.None;
        }

        foreach (var method in _methods)
        {
            if (file.EndsWith(".nar" + method.Ending(), StringComparison.Ordinal))
            {
                return method;
            }
        }

        return null;
    }

    /// <summary>Returns what a header <c>Content-Encoding</c> means, or null when that is not known here.</summary>
    public static CompressionMethod? MethodOfEncoding(string? encoding) => encoding switch
    {
        null or "" or "identity" => CompressionMethod.None,
        "x-gzip" => CompressionMethod.Gzip,
        "bzip2" or "x-bzip2" => CompressionMethod.Bzip2,
        _ => CompressionMethods.Find(encoding),
    };
}
