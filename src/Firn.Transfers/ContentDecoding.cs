using System.IO.Compression;
using Firn.Archive.Compression;

namespace Firn.Transfers;

/// <summary>Undoes what a server did to a file to send it faster: <c>Content-Encoding</c>.</summary>
internal static class ContentDecoding
{
    /// <summary>What servers are told that we can undo.</summary>
    internal const string Accepted = "gzip, deflate, br, zstd";

    /// <summary>Returns the file as it was.</summary>
    /// <param name="body">What comes over the wire.</param>
    /// <param name="encodings">What was done to it, in order.</param>
    /// <param name="url">Where it comes from, for those who are told that it is damaged.</param>
    internal static Stream Decode(Stream body, string encodings, string url)
    {
        var decoded = body;
        // The last one was done last.
        foreach (var name in encodings.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Reverse())
        {
            decoded = Open(decoded, name.ToLowerInvariant(), url);
        }

        return decoded == body ? body : new DecodedBody(decoded, encodings, url);
    }

    private static Stream Open(Stream body, string name, string url) => name switch
    {
        "identity" => body,
        "x-gzip" => CompressedStream.OpenRead(body, CompressionMethod.Gzip),
        "deflate" => new DeflatedBody(body),
        _ => CompressionMethods.Find(name) is { } method
            ? CompressedStream.OpenRead(body, method)
            : throw new TransferException(
                TransferFailure.Refused, $"unable to download '{url}': the server sends what it calls '{name}', and nothing is known of that encoding"),
    };

    /// <summary>What is read of a decoded file; that it is damaged is an error of the transfer.</summary>
    private sealed class DecodedBody(Stream inner, string encodings, string url) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            try
            {
                return inner.Read(buffer);
            }
            catch (InvalidDataException)
            {
                throw new TransferException(
                    TransferFailure.Refused, $"unable to download '{url}': what the server sends is not '{encodings}', as it says, or it ends too early");
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    /// <summary>What is called <c>deflate</c>: with zlib's header as the standard wants it, or without as some servers send it.</summary>
    private sealed class DeflatedBody(Stream source) : ReadOnlyStream
    {
        private Stream? _inner;

        public override int Read(Span<byte> buffer) => (_inner ??= Recognise()).Read(buffer);

        private Stream Recognise()
        {
            var start = new byte[2];
            var count = source.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            var whole = new PrefixedStream(start.AsMemory(0, count), source);
            var hasHeader = count == 2 && (start[0] & 0x0f) == 8 && start[0] >> 4 <= 7 && ((start[0] << 8) | start[1]) % 31 == 0;
            return hasHeader ? new ZLibStream(whole, CompressionMode.Decompress) : new DeflateStream(whole, CompressionMode.Decompress);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                (_inner ?? source).Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
