using System.IO.Compression;
using Firn.Archive.Compression;

namespace Firn.Transfers;

/// <summary>Undoes what a server did to a file to send it faster: <c>Content-Encoding</c>.</summary>
internal static class ContentDecoding
{
    /// <summary>What servers are told that we can undo.</summary>
    internal const string Accepted = "gzip, br, zstd";

    internal static Stream Decode(Stream body, string encodings)
    {
        // The last one was done last.
        foreach (var name in encodings.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Reverse())
        {
            body = name switch
            {
                "identity" => body,
                "x-gzip" => CompressedStream.OpenRead(body, CompressionMethod.Gzip),
                "deflate" => new ZLibStream(body, CompressionMode.Decompress),
                _ => CompressionMethods.Find(name) is { } method
                    ? CompressedStream.OpenRead(body, method)
                    : throw new TransferException(TransferFailure.Refused, $"the server sends what it calls '{name}', and nothing is known of that encoding"),
            };
        }

        return body;
    }
}
