using CsCheck;
using Firn.Archive.Compression;

namespace Firn.Tests.Archive.Compression;

public sealed class CompressedStreamTests
{
    public static TheoryData<CompressionMethod> Methods => [.. Enum.GetValues<CompressionMethod>()];

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_is_compressed_comes_back(CompressionMethod method) =>
        Gen.Byte.Array[0, 3000].Sample(bytes => Assert.Equal(bytes, Decompress(Compress(bytes, method), method)), iter: 30);

    [Theory]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Bzip2)]
    [InlineData(CompressionMethod.Xz)]
    [InlineData(CompressionMethod.Zstd)]
    public void More_than_a_buffer_comes_back_and_the_method_is_recognised(CompressionMethod method)
    {
        var bytes = new byte[1_000_003];
        new Random(1).NextBytes(bytes.AsSpan(0, 300_000));

        using var stream = CompressedStream.OpenRecognised(new MemoryStream(Compress(bytes, method)), out var found);

        Assert.Equal(method, found);
        Assert.Equal(bytes, ReadAll(stream));
    }

    [Theory]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Bzip2)]
    [InlineData(CompressionMethod.Xz)]
    [InlineData(CompressionMethod.Zstd)]
    public void Two_files_one_after_the_other_are_one(CompressionMethod method) =>
        Assert.Equal("ab"u8.ToArray(), Decompress([.. Compress("a"u8.ToArray(), method), .. Compress("b"u8.ToArray(), method)], method));

    [Theory]
    [InlineData(CompressionMethod.Bzip2)]
    [InlineData(CompressionMethod.Xz)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Brotli)]
    public void Truncated_data_is_not_taken_for_the_whole(CompressionMethod method)
    {
        var bytes = new byte[10_000];
        new Random(2).NextBytes(bytes);

        Assert.Throws<InvalidDataException>(() => Decompress(Compress(bytes, method)[..^1000], method));
    }

    [Theory]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Bzip2)]
    [InlineData(CompressionMethod.Xz)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Brotli)]
    public void Damaged_data_is_refused(CompressionMethod method)
    {
        var compressed = Compress(new byte[10_000], method);
        compressed.AsSpan(compressed.Length / 2).Fill(0x5a);

        Assert.Throws<InvalidDataException>(() => Decompress(compressed, method));
    }

    [Fact]
    public void Zstd_is_read_the_same_without_the_system_library()
    {
        var bytes = new byte[300_000];
        new Random(3).NextBytes(bytes.AsSpan(0, 100_000));
        var compressed = Compress(bytes, CompressionMethod.Zstd);

        Assert.Equal([.. bytes, .. bytes], Read([.. compressed, .. compressed]));
        Assert.Throws<InvalidDataException>(() => Read(compressed[..^1000]));
        compressed.AsSpan(compressed.Length / 2, 1000).Fill(0x5a);
        Assert.Throws<InvalidDataException>(() => Read(compressed[..1000]));

        byte[] Read(byte[] compressed)
        {
            using var stream = new ManagedDecoder(new ZstdSharp.DecompressionStream(new MemoryStream(compressed)), "zstd");
            return ReadAll(stream);
        }
    }

    private static byte[] Compress(byte[] bytes, CompressionMethod method)
    {
        var target = new MemoryStream();
        using (var stream = CompressedStream.OpenWrite(target, method, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }

    private static byte[] Decompress(byte[] bytes, CompressionMethod method)
    {
        using var stream = CompressedStream.OpenRead(new MemoryStream(bytes), method);
        return ReadAll(stream);
    }

    private static byte[] ReadAll(Stream stream)
    {
        var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }
}
