using Firn.Archive.Compression;
using Firn.CacheServer.Http;
using Firn.CacheServer.Pages;

namespace Firn.Tests.CacheServer;

public sealed class RequestTests
{
    private const string Digest = "00bgd045z0d4icpbc2yyz4gx48ak44la";

    public static TheoryData<string, string?, CacheTarget> Addresses { get; } = new()
    {
        { "/", null, new CacheTarget.Page() },
        { "/team", "team", new CacheTarget.Page() },
        { "/team/?q=x", "team", new CacheTarget.Page() },
        { "/team/nix-cache-info", "team", new CacheTarget.Info() },
        { $"/team/{Digest}.narinfo", "team", new CacheTarget.NarInfo(Digest) },
        { $"/team/{Digest}.ls", "team", new CacheTarget.Listing(Digest) },
        { "/team/nar/x.nar.xz", "team", new CacheTarget.Nar("x.nar.xz") },
        { $"/team/log/{Digest}-a.drv", "team", new CacheTarget.Extra($"log/{Digest}-a.drv") },
        { "/team/debuginfo/ab12", "team", new CacheTarget.Extra("debuginfo/ab12") },
        { "/team/realisations/sha256:ab%21out.doi", "team", new CacheTarget.Realisation("sha256:ab!out") },
        { "/team/-/chunks", "team", new CacheTarget.Action("chunks", "") },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void An_address_says_what_is_wanted(string target, string? cache, CacheTarget wanted)
    {
        var address = CacheAddress.Parse(target);

        Assert.Equal(cache, address?.Cache);
        Assert.Equal(wanted, address?.Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("http://other/team/nix-cache-info")]
    [InlineData("//team/nix-cache-info")]
    [InlineData("/Team/nix-cache-info")]
    [InlineData("/../etc/passwd")]
    [InlineData("/team/nar/../../metadata.sqlite")]
    [InlineData("/team/nar/..%2fmetadata.sqlite")]
    [InlineData("/team/nar/.hidden")]
    [InlineData("/team/nar/%00")]
    [InlineData("/team/nar/%e2%80%8b")]
    [InlineData("/team/nar/a%2")]
    [InlineData("/team/nar/")]
    [InlineData("/team/short.narinfo")]
    [InlineData("/team/0000000000000000000000000000000e.narinfo")]
    [InlineData("/team/log/nothing")]
    public void What_means_nothing_is_no_address(string target) => Assert.Null(CacheAddress.Parse(target));

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=90-", 90, 10)]
    [InlineData("bytes=90-1000", 90, 10)]
    [InlineData("bytes=-5", 95, 5)]
    [InlineData("bytes=-500", 0, 100)]
    public void A_range_is_a_part(string header, long first, long count) =>
        Assert.Equal(new ByteRange.Part(first, count), ByteRange.Parse(header, 100));

    [Theory]
    [InlineData(null)]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=+1-2")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=99999999999999999999-")]
    public void What_is_no_range_means_the_whole(string? header) => Assert.Equal(new ByteRange.Whole(), ByteRange.Parse(header, 100));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=-0")]
    public void A_range_behind_the_end_is_out_of_bounds(string header) => Assert.Equal(new ByteRange.OutOfBounds(), ByteRange.Parse(header, 100));

    [Theory]
    [InlineData("\"a\"", true)]
    [InlineData("W/\"a\"", true)]
    [InlineData("\"b\", \"a\"", true)]
    [InlineData("*", true)]
    [InlineData("\"b\"", false)]
    [InlineData("a", false)]
    [InlineData(null, false)]
    public void A_client_says_what_it_has(string? header, bool has) => Assert.Equal(has, Preconditions.Names(header, "\"a\""));

    [Theory]
    [InlineData("Bearer secret", "secret")]
    [InlineData("bearer  secret", "secret")]
    [InlineData("Basic dXNlcjpzZWNyZXQ=", "secret")]
    [InlineData("Basic c2VjcmV0Og==", "secret")]
    [InlineData("Basic dXNlcjphOmI=", "a:b")]
    [InlineData("Basic !", null)]
    [InlineData("Basic dXNlcg==", null)]
    [InlineData("Digest secret", null)]
    [InlineData(null, null)]
    public void A_token_comes_alone_or_as_password(string? header, string? token) => Assert.Equal(token, Credentials.TokenOf(header));

    [Theory]
    [InlineData("a.nar", CompressionMethod.None)]
    [InlineData("a.nar.xz", CompressionMethod.Xz)]
    [InlineData("a.nar.zst", CompressionMethod.Zstd)]
    [InlineData("a.nar.br", CompressionMethod.Brotli)]
    [InlineData("a.nar.rar", null)]
    [InlineData("a.xz", null)]
    public void The_name_of_an_upload_says_how_it_is_compressed(string name, CompressionMethod? method) => Assert.Equal(method, UploadName.MethodOf(name));

    [Fact]
    public void Only_what_this_program_wrote_is_html()
    {
        var foreign = "<script>\"'&";

        Assert.Equal(
            "<b title=\"&lt;script&gt;&quot;&#x27;&amp;\"><i>3</i></b>", Html.Of($"<b title=\"{foreign}\">{Html.Of($"<i>{3}</i>")}</b>").ToString());
    }
}
