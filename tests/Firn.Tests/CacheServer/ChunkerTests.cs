using CsCheck;
using Firn.CacheServer.Chunking;
using Firn.CacheServer.Ingesting;

namespace Firn.Tests.CacheServer;

public sealed class ChunkerTests
{
    [Fact]
    public void Chunks_are_the_stream_whatever_pieces_it_comes_in() =>
        Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[0, 1000], Gen.Int[1, 400_000]).Sample(
            (length, seed, piece) =>
            {
                var bytes = Noise(length, seed);
                var chunks = Chunks(bytes, piece);

                Assert.Equal(bytes, chunks.SelectMany(c => c).ToArray());
                Assert.Equal(Chunks(bytes, int.MaxValue).Select(c => c.Length), chunks.Select(c => c.Length));
                Assert.All(chunks, c => Assert.InRange(c.Length, 1, ContentCut.Max));
                Assert.All(chunks.SkipLast(1), c => Assert.True(c.Length > ContentCut.Min));
            },
            iter: 10);

    [Fact]
    public void Chunks_have_about_the_size_that_they_are_to_have()
    {
        var chunks = Chunks(Noise(20_000_000, 1), 100_000);

        Assert.InRange(chunks.Average(c => c.Length), ContentCut.Average * 0.8, ContentCut.Average * 1.5);
    }

    [Fact]
    public void An_insertion_changes_the_chunks_around_it_and_no_others()
    {
        var bytes = Noise(8_000_000, 2);
        byte[] changed = [.. bytes[..3_000_000], .. Noise(777, 3), .. bytes[3_000_000..]];
        var known = Chunks(bytes, 65_536).Select(c => ChunkFrames.HashOf(c)).ToHashSet();

        Assert.InRange(Chunks(changed, 65_536).Count(c => !known.Contains(ChunkFrames.HashOf(c))), 1, 3);
    }

    private static List<byte[]> Chunks(byte[] bytes, int piece)
    {
        var chunks = new List<byte[]>();
        using var chunker = new Chunker(chunk => chunks.Add(chunk.ToArray()));
        for (var at = 0; at < bytes.Length; at += Math.Min(piece, bytes.Length - at))
        {
            chunker.Write(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
        }

        chunker.Finish();
        return chunks;
    }

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
