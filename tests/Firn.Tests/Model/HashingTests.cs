using System.Text;
using CsCheck;
using Firn.Model.Hashing;
using Hash = Firn.Model.Hashing.Hash;

namespace Firn.Tests.Model;

public sealed class HashingTests
{
    [Theory]
    [InlineData(HashAlgorithm.Md5, "", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData(HashAlgorithm.Sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData(HashAlgorithm.Blake3, "", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262")]
    [InlineData(HashAlgorithm.Blake3, "abc", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85")]
    public void Digests_are_those_of_the_functions_publications(HashAlgorithm algorithm, string text, string digest) =>
        Assert.Equal(digest, Hash.Of(algorithm, Encoding.UTF8.GetBytes(text)).Digest(HashFormat.Base16));

    [Fact]
    public void Blake3_of_several_chunks_is_that_of_its_test_vectors()
    {
        // The vectors' input is 0, 1, … 250, 0, 1, …; this is the one of 102,400 bytes.
        var input = Enumerable.Range(0, 102_400).Select(i => (byte)(i % 251)).ToArray();

        Assert.Equal(
            "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085",
            Hash.Of(HashAlgorithm.Blake3, input).Digest(HashFormat.Base16));
    }

    [Fact]
    public void Every_digest_comes_back_from_each_of_its_forms() =>
        Gen.Byte.Array[32].Sample(bytes =>
        {
            var hash = new Hash(HashAlgorithm.Sha256, bytes);
            foreach (var format in Enum.GetValues<HashFormat>())
            {
                Assert.Equal(hash, Hash.Parse(hash.ToString(format)));
                Assert.Equal(hash, Hash.Parse(hash.Digest(format), HashAlgorithm.Sha256));
            }
        });
}
