using System.Text;
using CsCheck;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Store.References;

namespace Firn.Tests.Store;

public sealed class ReferencesTests
{
    private static readonly StorePath[] _paths = [.. Enumerable.Range(0, 5)
        .Select(i => StoreDirectory.Default.Make("test", Firn.Model.Hashing.Hash.Sha256([(byte)i]), $"p{i}"))];

    // Pieces that make near misses likely: whole digests, parts of them, and other text.
    private static readonly Gen<string> _text = Gen.OneOf(
        Gen.Int[0, 4].Select(i => _paths[i].Digest),
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 31]).Select((i, n) => _paths[i].Digest[n..]),
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 31]).Select((i, n) => _paths[i].Digest[..n]),
        Gen.String[Gen.Char["0abz-/eotu\n"], 0, 40]).Array[0, 8].Select(string.Concat);

    [Fact]
    public void The_digests_in_a_text_are_found_however_it_is_cut() => Gen.Select(_text, Gen.Int[1, 70].Array[1, 10]).Sample((text, cuts) =>
    {
        var scanner = new ReferenceScanner(_paths);
        WriteInPieces(scanner, text, cuts);

        Assert.Equal(_paths.Where(p => text.Contains(p.Digest, StringComparison.Ordinal)).Order(), scanner.Found);
    });

    [Fact]
    public void Digests_are_replaced_however_the_text_is_cut() => Gen.Select(_text, Gen.Int[1, 70].Array[1, 10]).Sample((text, cuts) =>
    {
        var output = new MemoryStream();
        var rewriter = new DigestRewriter([new(_paths[0].Digest, new string('x', 32)), new(_paths[1].Digest, new string('y', 32))], output);
        WriteInPieces(rewriter, text, cuts);
        rewriter.Finish();

        Assert.Equal(
            text.Replace(_paths[0].Digest, new string('x', 32), StringComparison.Ordinal)
                .Replace(_paths[1].Digest, new string('y', 32), StringComparison.Ordinal),
            Encoding.ASCII.GetString(output.ToArray()));
    });

    [Fact]
    public void A_hash_without_its_own_digest_is_that_of_NULs_in_its_place()
    {
        var digest = _paths[0].Digest;

        Assert.Equal(
            Firn.Model.Hashing.Hash.Sha256(Encoding.ASCII.GetBytes("a" + new string('\0', 32) + "b")),
            ModuloHash.Of(HashAlgorithm.Sha256, digest, s => s.Write(Encoding.ASCII.GetBytes($"a{digest}b"))));
    }

    private static void WriteInPieces(Stream stream, string text, int[] cuts)
    {
        var bytes = Encoding.ASCII.GetBytes(text).AsSpan();
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var length = Math.Min(bytes.Length, cuts[i % cuts.Length]);
            stream.Write(bytes[..length]);
            bytes = bytes[length..];
        }
    }
}
