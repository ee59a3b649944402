using Firn.Platform.Processes;
using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Firn.Archive.Compression;

/// <summary>Opens streams that compress or decompress as one reads or writes.</summary>
public static class CompressedStream
{
    /// <summary>Returns a stream that yields the decompressed bytes of <paramref name="source"/>.</summary>
    /// <remarks>Damaged or truncated input ends in <see cref="InvalidDataException"/> when it is reached.</remarks>
    public static Stream OpenRead(Stream source, CompressionMethod method, bool leaveOpen = false) => method switch
    {
        CompressionMethod.None => source,
        CompressionMethod.Gzip => new GZipStream(source, CompressionMode.Decompress, leaveOpen),
        CompressionMethod.Bzip2 => new DecodingStream(source, Bzip2Codec.Decoder(), leaveOpen),
        CompressionMethod.Xz => new DecodingStream(source, XzCodec.Decoder(), leaveOpen),
        CompressionMethod.Zstd => ZstdCodec.TryDecoder() is { } decoder
            ? new DecodingStream(source, decoder, leaveOpen)
            : new ManagedDecoder(new DecompressionStream(source, leaveOpen: leaveOpen), "zstd"),
        _ => new ManagedDecoder(new BrotliStream(source, CompressionMode.Decompress, leaveOpen), "brotli"),
    };

    /// <summary>Returns a stream that yields the decompressed bytes, going by how <paramref name="source"/> starts.</summary>
    public static Stream OpenRecognised(Stream source, out CompressionMethod method)
    {
        var start = new byte[CompressionMethods.SignatureLength];
        var count = source.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        method = CompressionMethods.Recognise(start.AsSpan(0, count));
        return OpenRead(new PrefixedStream(start.AsMemory(0, count), source), method);
    }

    /// <summary>Returns a stream that writes what it is given, compressed, to <paramref name="target"/>; disposing it finishes.</summary>
    /// <param name="target">Where the compressed bytes go.</param>
    /// <param name="method">How to compress.</param>
    /// <param name="level">The method's own level, or null for its customary one.</param>
    /// <param name="leaveOpen">Whether <paramref name="target"/> stays open.</param>
    /// <param name="inParallel">Whether many threads work on it, where the method can do that: xz and zstd.</param>
    public static Stream OpenWrite(
        Stream target, CompressionMethod method, int? level = null, bool leaveOpen = false, bool inParallel = false) => method switch
    {
        CompressionMethod.None => target,
        CompressionMethod.Gzip => new GZipStream(target, new ZLibCompressionOptions { CompressionLevel = level ?? 6 }, leaveOpen),
        CompressionMethod.Bzip2 => new EncodingStream(target, Bzip2Codec.Encoder(level ?? 9), leaveOpen),
        CompressionMethod.Xz => new EncodingStream(target, XzCodec.Encoder(level ?? 6, inParallel ? Processors.Count : 1), leaveOpen),
        CompressionMethod.Zstd => OpenZstd(target, level ?? 3, leaveOpen, inParallel),
        _ => new BrotliStream(target, new BrotliCompressionOptions { Quality = level ?? 6 }, leaveOpen),
    };

    private static CompressionStream OpenZstd(Stream target, int level, bool leaveOpen, bool inParallel)
    {
        var stream = new CompressionStream(target, level, leaveOpen: leaveOpen);
        if (inParallel)
        {
            stream.SetParameter(ZSTD_cParameter.ZSTD_c_nbWorkers, Processors.Count);
        }

        return stream;
    }
}
