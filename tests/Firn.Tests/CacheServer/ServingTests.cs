using System.Net;
using System.Text;
using Firn.Archive.Compression;
using Firn.Model.Signing;
using Firn.Model.StorePaths;

namespace Firn.Tests.CacheServer;

public sealed class ServingTests : IDisposable
{
    private readonly ServedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Xz)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Bzip2)]
    [InlineData(CompressionMethod.Brotli)]
    public void What_was_pushed_is_fetched_signed_and_as_it_was(CompressionMethod method)
    {
        var nar = ServedWorld.MakeNar(ServedWorld.Noise(700_000, 1));
        var info = ServedWorld.Describe("hello", nar);
        _world.Push("team", info, nar, method);

        var served = _world.Read("team", info);
        Assert.Equal("zstd", served.Compression);
        Assert.Equal(1, served.Info.CountSignatures(StoreDirectory.Default, [PublicKey.Parse(PublicKeyOf(_world.Team.SecretKey))]));
        var file = _world.Get($"/team/{served.Url}");
        Assert.Equal(served.FileSize, file.Length);
        Assert.Equal(served.FileHash, Firn.Model.Hashing.Hash.Sha256(file));
        Assert.Equal(nar, ServedWorld.Decompress(file, CompressionMethod.Zstd));
        // The client that pushed remembers the name that it gave.
        Assert.Equal(nar, ServedWorld.Decompress(_world.Get($"/team/nar/{info.NarHash.Digest(Firn.Model.Hashing.HashFormat.Nix32)}.nar{method.Ending()}"), method));
    }

    [Fact]
    public void A_cache_says_what_it_is() =>
        Assert.Equal("StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 20\n", _world.GetText("/open/nix-cache-info"));

    [Fact]
    public void Any_part_of_an_archive_is_served_also_over_the_borders_of_chunks_and_blobs()
    {
        var (first, second) = (ServedWorld.Noise(900_000, 1), ServedWorld.Noise(600_000, 2));
        var nar = ServedWorld.MakeNar(first);
        _world.Push("team", ServedWorld.Describe("first", nar), nar);
        // The second archive has chunks of the first one, then its own, then again some of the first.
        nar = ServedWorld.MakeNar([.. first[..400_000], .. second, .. first[400_000..]]);
        var info = ServedWorld.Describe("second", nar);
        _world.Push("team", info, nar);

        var url = $"/team/{_world.Read("team", info).Url}";
        var whole = _world.Get(url);
        Assert.Equal(nar, ServedWorld.Decompress(whole, CompressionMethod.Zstd));
        foreach (var (from, to) in new[] { (0, 0), (0, 199_999), (300_000, 1_200_000), (whole.Length - 1, whole.Length - 1), (1, whole.Length - 1) })
        {
            using var response = _world.Ask(HttpMethod.Get, url, null, ("Range", $"bytes={from}-{to}"));
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            Assert.Equal($"bytes {from}-{to}/{whole.Length}", response.Content.Headers.ContentRange?.ToString());
            Assert.Equal(whole[from..(to + 1)], ServedWorld.Bytes(response));
        }

        using var outside = _world.Ask(HttpMethod.Get, url, null, ("Range", $"bytes={whole.Length}-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, outside.StatusCode);
        using var other = _world.Ask(HttpMethod.Get, url, null, ("Range", "bytes=0-9"), ("If-Range", "\"another\""));
        Assert.Equal(whole, ServedWorld.Bytes(other));
    }

    [Fact]
    public void What_a_client_has_already_is_not_sent_again()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var info = ServedWorld.Describe("x", nar);
        _world.Push("team", info, nar);
        foreach (var path in new[] { $"/team/{info.Path.Digest}.narinfo", $"/team/{_world.Read("team", info).Url}" })
        {
            using var first = _world.Ask(HttpMethod.Get, path);
            using var second = _world.Ask(HttpMethod.Get, path, null, ("If-None-Match", first.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
            Assert.Empty(ServedWorld.Bytes(second));
            using var head = _world.Ask(HttpMethod.Head, path);
            Assert.Equal(first.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        }
    }

    [Fact]
    public void What_cannot_be_asked_is_answered_with_what_can()
    {
        foreach (var (method, path, allowed) in new[]
        {
            (HttpMethod.Delete, "/team/nix-cache-info", "GET, HEAD"), (HttpMethod.Post, "/team/nar/x.nar", "GET, HEAD, PUT"),
            (HttpMethod.Get, "/team/-/missing-paths", "POST"), (HttpMethod.Put, "/", "GET, HEAD"),
        })
        {
            using var response = _world.Ask(method, path);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        }

        using var missing = _world.Ask(HttpMethod.Get, "/other/nix-cache-info");
        Assert.Contains("'other'", Encoding.UTF8.GetString(ServedWorld.Bytes(missing)), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_several_caches_are_private_one_is_told_that_a_host_has_one_password()
    {
        Assert.DoesNotContain("--all-caches", _world.GetText("/team/-/config"), StringComparison.Ordinal);
        using var other = new Firn.CacheServer.Metadata.SqliteMetadata($"{_world.Folder.Path}/metadata.sqlite", _world.Time);
        other.Save(_world.Open with { IsPublic = false });
        Assert.True(SpinWait.SpinUntil(
            () => _world.GetText("/team/-/config").Contains("--all-caches", StringComparison.Ordinal), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_listing_is_made_from_the_archive_itself()
    {
        var nar = ServedWorld.MakeNar("content"u8);
        var info = ServedWorld.Describe("file", nar);
        _world.Push("team", info, nar);
        Assert.Equal(HttpStatusCode.Created, _world.Status(HttpMethod.Put, $"/team/{info.Path.Digest}.ls", "{\"root\":\"a lie\"}"u8.ToArray()));

        Assert.Equal("""{"root":{"narOffset":96,"size":7,"type":"regular"},"version":1}""", _world.GetText($"/team/{info.Path.Digest}.ls"));
    }

    [Fact]
    public void Logs_and_realisations_come_back()
    {
        const string Log = "/team/log/00bgd045z0d4icpbc2yyz4gx48ak44la-a.drv";
        using (var put = _world.Ask(HttpMethod.Put, Log, ServedWorld.Compress("built"u8.ToArray(), CompressionMethod.Brotli), ("Content-Encoding", "br")))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        Assert.Equal("built", _world.GetText(Log));
        var id = $"sha256:{new string('a', 64)}!out";
        var text = $$$"""{"id":"{{{id}}}","outPath":"00bgd045z0d4icpbc2yyz4gx48ak44la-a","signatures":[],"dependentRealisations":{}}""";
        Assert.Equal(HttpStatusCode.Created, _world.Status(HttpMethod.Put, $"/team/realisations/{id}.doi", Encoding.UTF8.GetBytes(text)));
        Assert.Contains("team-1:", _world.GetText($"/team/realisations/{id}.doi"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, _world.Status(HttpMethod.Get, $"/open/realisations/{id}.doi"));
    }

    [Fact]
    public void The_pages_show_what_one_may_see_and_escape_what_others_wrote()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        _world.Push("open", ServedWorld.Describe("visible", nar), nar);
        _world.Push("team", ServedWorld.Describe("hidden", nar), nar);

        Assert.Contains("-hidden", _world.GetText("/"), StringComparison.Ordinal);
        using var nobody = _world.Connect(null);
        using var response = nobody.Send(new HttpRequestMessage(HttpMethod.Get, "/?q=%3Cscript%3E"));
        var page = Encoding.UTF8.GetString(ServedWorld.Bytes(response));
        Assert.Contains("value=\"&lt;script&gt;\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("-visible", _world.GetText("/open/?q=VISIBLE"), StringComparison.Ordinal);
        var path = StoreDirectory.Default.Absolute(ServedWorld.Describe("visible", nar).Path);
        Assert.Contains("-visible</code>", _world.GetText($"/open/?q={Uri.EscapeDataString(path + "/bin/x")}"), StringComparison.Ordinal);
        Assert.Contains(PublicKeyOf(_world.Open.SecretKey).Replace("+", "&#x2B;", StringComparison.Ordinal), _world.GetText("/open/"), StringComparison.Ordinal);
    }

    [Fact]
    public void Use_is_counted()
    {
        var nar = ServedWorld.MakeNar("x"u8);
        var info = ServedWorld.Describe("x", nar);
        _world.Push("open", info, nar);
        _world.Get($"/open/{_world.Read("open", info).Url}");
        Assert.Equal(HttpStatusCode.NotFound, _world.Status(HttpMethod.Get, "/open/00000000000000000000000000000000.narinfo"));
        _world.GetText("/open/");

        var measured = _world.Folder.Metadata.Measure(_world.Open);
        Assert.Equal((1, nar.Length, 1, 1), (measured.Paths, measured.NarBytes, measured.Use.Hits, measured.Use.Misses));
        Assert.Equal(measured.StoredBytes, measured.Use.BytesSent);
    }

    private static string PublicKeyOf(string secret)
    {
        using var key = SecretKey.Parse(secret);
        return key.PublicKey.ToString();
    }
}
