using System.Text;
using Firn.Archive.Compression;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.BinaryCache;
using Firn.Store.BinaryCache.Http;
using Firn.Store.BinaryCache.Lookup;
using Firn.Store.Closures;
using Firn.Store.Copying;
using Firn.Store.Local;
using Firn.Store.Substituting;
using Firn.Tests.Building;
using Firn.Tests.Transfers;
using Firn.Transfers;

namespace Firn.Tests.Store;

public sealed class HttpCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalStore _store;
    private readonly WebServer _server = new();
    private readonly RecordingLog _log = new();
    private readonly HttpTransfers _transfers;
    private readonly SteppingTime _time = new();
    private readonly List<IDisposable> _opened = [];

    public HttpCacheTests()
    {
        _store = LocalStoreTests.Open($"{_folder.Path}/store");
        _transfers = new HttpTransfers(new TransferSettings { DownloadAttempts = 2 }, _log, TestContext.Current.CancellationToken);
        _server.Files["/cache/nix-cache-info"] = "StoreDir: /nix/store\nPriority: 40\nWantMassQuery: 1\n"u8.ToArray();
    }

    public void Dispose()
    {
        _opened.ForEach(o => o.Dispose());
        _transfers.Dispose();
        _server.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("xz")]
    [InlineData("zstd&parallel-compression=true")]
    [InlineData("br&narinfo-compression=gzip")]
    [InlineData("bzip2")]
    [InlineData("gzip&compression-level=1")]
    [InlineData("none")]
    [InlineData("xz&parallel-compression=true&write-nar-listing=1")]
    public void Objects_go_to_a_server_and_come_back(string compression)
    {
        var (needed, top) = Fill();
        var options = BinaryCacheOptions.Parse($"compression={compression}".Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]));
        Copy(_store, Open(options), needed, top);
        using var other = LocalStoreTests.Open($"{_folder.Path}/other");
        ForgetDisk();
        // Servers tell what was stored with which encoding; this one keeps bytes only.
        _server.Misbehave = r => options.NarInfoEncoding is not null && r.Path.EndsWith(".narinfo", StringComparison.Ordinal) && r.Method == "GET"
            && _server.Files.TryGetValue(r.Path, out var file) ? new WebReply(200, file) { Headers = [("Content-Encoding", "gzip")] } : null;
        var cache = Open(options);

        new StoreCopier(cache, cache, other, other, other.Directory, _log).Copy(
            Closure.Of([top], cache, other.Directory), "", default, TestContext.Current.CancellationToken);

        Assert.True(other.HasGoodContent(top));
        Assert.Equal([needed], other.Find(top)!.References);
    }

    [Fact]
    public void What_a_cache_has_and_has_not_is_remembered_as_long_as_the_settings_say()
    {
        var (needed, top) = Fill();
        Copy(_store, Open(new BinaryCacheOptions()), needed);
        ForgetDisk();
        Assert.True(Open(new BinaryCacheOptions()).IsValid(needed));
        Assert.False(Open(new BinaryCacheOptions()).IsValid(top));
        _server.Requests.Clear();

        var again = Open(new BinaryCacheOptions());
        Assert.True(again.IsValid(needed));
        Assert.False(again.IsValid(top));
        Assert.Equal(40, again.Info.Priority);
        Assert.True(again.Info.WantsMassQuery);
        Assert.Empty(_server.Requests);

        // Absence counts for an hour.
        _time.Step(TimeSpan.FromHours(2));
        Assert.False(Open(new BinaryCacheOptions()).IsValid(top));
        Assert.Equal([$"/cache/{top.Digest}.narinfo"], _server.Paths);
        Assert.True(Open(new BinaryCacheOptions()).IsValid(needed));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public void Nothing_is_lost_of_what_is_remembered()
    {
        var (needed, top) = Fill();
        Copy(_store, Open(new BinaryCacheOptions()), needed, top);
        ForgetDisk();
        var asked = Open(new BinaryCacheOptions()).FindNarInfo(top)!;
        var remembered = Open(new BinaryCacheOptions()).FindNarInfo(top)!;

        Assert.Equal(NarInfo(asked), NarInfo(remembered));
        string NarInfo(Firn.Model.PathInfos.NarInfo n) => Firn.Model.PathInfos.NarInfoText.Write(n, _store.Directory);
    }

    [Fact]
    public void A_dead_cache_is_told_of_once_left_alone_and_asked_again_later()
    {
        var (_, top) = Fill();
        var substituter = Substitute(Open(new BinaryCacheOptions(), asSubstituter: true));
        _server.Misbehave = _ => new WebReply(500, []);
        _server.Requests.Clear();

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Null(substituter.Find(top, null)));
        Assert.Equal(2, _server.Requests.Count);
        Assert.Single(_log.Messages, m => m.Text.Contains("is left alone for 60 seconds", StringComparison.Ordinal));

        _time.Step(TimeSpan.FromSeconds(61));
        _server.Misbehave = _ => null;
        Assert.Null(substituter.Find(top, null));
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public void Many_are_asked_for_at_once_and_then_no_more()
    {
        var paths = Enumerable.Range(0, 60).Select(i => _store.AddText($"t{i}", Encoding.UTF8.GetBytes($"{i}"), [], false)).ToArray();
        Copy(_store, Open(new BinaryCacheOptions { Compression = CompressionMethod.None }), paths);
        ForgetDisk();
        var busy = 0;
        var most = 0;
        _server.Misbehave = _ =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref busy));
            Thread.Sleep(20);
            Interlocked.Decrement(ref busy);
            return null;
        };
        var substituter = Substitute(Open(new BinaryCacheOptions(), asSubstituter: true));

        substituter.Prefetch(paths);
        _server.Requests.Clear();

        Assert.All(paths, p => Assert.NotNull(substituter.Find(p, null)));
        Assert.Empty(_server.Requests);
        Assert.InRange(most, 5, 25);
    }

    [Fact]
    public void A_server_without_the_file_that_says_so_is_no_cache()
    {
        _server.Files.Clear();

        Assert.Contains("does not appear to be a binary cache", Assert.Throws<StoreException>(
            () => Open(new BinaryCacheOptions(), asSubstituter: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_narinfo_that_speaks_of_another_object_is_refused()
    {
        var (needed, top) = Fill();
        Copy(_store, Open(new BinaryCacheOptions()), needed, top);
        ForgetDisk();
        _server.Files[$"/cache/{top.Digest}.narinfo"] = _server.Files[$"/cache/{needed.Digest}.narinfo"];

        Assert.Contains("speaks of another object", Assert.Throws<StoreException>(() => Open(new BinaryCacheOptions()).Find(top)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_narinfo_without_end_does_not_fill_the_memory()
    {
        var (_, top) = Fill();
        _server.Files[$"/cache/{top.Digest}.narinfo"] = new byte[17 << 20];

        Assert.Contains("larger than", Assert.Throws<StoreException>(() => Open(new BinaryCacheOptions()).Find(top)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_narinfo_may_name_its_archive_by_a_whole_address_but_no_file_of_ours()
    {
        var (needed, _) = Fill();
        Copy(_store, Open(new BinaryCacheOptions { Compression = CompressionMethod.None }), needed);
        ForgetDisk();
        var (file, nar) = ($"/cache/{needed.Digest}.narinfo", _server.Files.Single(f => f.Key.Contains("/nar/", StringComparison.Ordinal)));
        _server.Files["/elsewhere?x=1"] = nar.Value;
        var narInfo = Encoding.UTF8.GetString(_server.Files[file]);
        void Name(string url) => _server.Files[file] = Encoding.UTF8.GetBytes(narInfo.Replace(nar.Key["/cache/".Length..], url, StringComparison.Ordinal));

        Name($"{_server.Url}/elsewhere?x=1");
        var content = new MemoryStream();
        Open(new BinaryCacheOptions()).WriteNar(needed, content);
        Assert.Equal(nar.Value, content.ToArray());

        ForgetDisk();
        Name("file:///etc/passwd");
        Assert.Contains("is not the name of a file", Assert.Throws<StoreException>(() => Open(new BinaryCacheOptions()).WriteNar(needed, content)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    [InlineData("swap")]
    public void A_damaged_archive_is_found_out_and_nothing_of_it_becomes_valid(string damage)
    {
        var (needed, other) = (_store.AddText("a", new byte[5000], [], false), _store.AddText("a", "abc"u8.ToArray(), [], false));
        Copy(_store, Open(new BinaryCacheOptions { Compression = CompressionMethod.None }), needed, other);
        ForgetDisk();
        var url = $"/cache/{Open(new BinaryCacheOptions()).FindNarInfo(needed)!.Url}";
        var nar = _server.Files[url];
        _server.Files[url] = damage switch
        {
            "flip" => [.. nar[..600], (byte)(nar[600] ^ 1), .. nar[601..]],
            "cut" => nar[..^100],
            _ => _server.Files[$"/cache/{Open(new BinaryCacheOptions()).FindNarInfo(other)!.Url}"],
        };
        using var target = LocalStoreTests.Open($"{_folder.Path}/other");
        var cache = Open(new BinaryCacheOptions());

        Assert.ThrowsAny<FirnException>(() => new StoreCopier(cache, cache, target, target, target.Directory, _log).Copy(
            [needed], "", default, TestContext.Current.CancellationToken));
        Assert.False(target.IsValid(needed));
    }

    [Fact]
    public void Content_gets_the_name_in_a_cache_that_it_gets_in_a_store()
    {
        var cache = Open(new BinaryCacheOptions());
        File.WriteAllText($"{_folder.Path}/x", "hello");
        foreach (var method in Enum.GetValues<Firn.Model.ContentAddresses.ContentAddressMethod>().Where(m => m != Firn.Model.ContentAddresses.ContentAddressMethod.Text))
        {
            var options = new Firn.Store.Contents.ContentOptions { Method = method, Algorithm = Firn.Model.Hashing.HashAlgorithm.Sha256 };
            Assert.Equal(_store.AddFromDisk("x", $"{_folder.Path}/x", options), cache.Writer.AddFromDisk("x", $"{_folder.Path}/x", options));
        }

        Assert.Equal(_store.AddText("t", "x"u8.ToArray(), [], false), cache.Writer.AddText("t", "x"u8.ToArray(), [], false));
    }

    [Fact]
    public void Logs_and_signatures_are_kept()
    {
        var cache = Open(new BinaryCacheOptions());
        var path = cache.Writer.AddText("x.drv", "x"u8.ToArray(), [], false);
        cache.AddLog(path, new MemoryStream("line\n"u8.ToArray()));
        cache.AddSignatures(path, ["k:sig"]);
        ForgetDisk();

        using var log = Open(new BinaryCacheOptions()).FindLog(path)!;
        Assert.Equal("line\n", new StreamReader(log).ReadToEnd());
        Assert.Equal(["k:sig"], Open(new BinaryCacheOptions()).Find(path)!.Signatures);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public void A_cache_that_does_not_say_what_it_is_counts_as_none_that_is_to_be_made(int status)
    {
        _server.Files["/cache/nix-cache-info"] = "StoreDir: /nix/store\nPriority: 10\n"u8.ToArray();
        _server.Misbehave = request => request.Method == "GET" ? new WebReply(status, []) : null;

        var failure = Assert.Throws<StoreException>(() => Open(new BinaryCacheOptions()));

        Assert.Contains($"HTTP error {status}", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"HTTP error {status}", Assert.Throws<StoreException>(() => Open(new BinaryCacheOptions(), asSubstituter: true)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Requests, r => r.Method == "PUT");
    }

    [Fact]
    public void A_cache_whose_answers_are_damaged_is_left_alone()
    {
        _server.Misbehave = _ => new WebReply(200, "hello"u8.ToArray()) { Headers = [("Content-Encoding", "gzip")] };

        Assert.Equal(StoreErrors.Unreachable, Assert.Throws<StoreException>(() => Open(new BinaryCacheOptions(), asSubstituter: true)).Kind);
        Assert.Contains(_log.Messages, m => m.Text.Contains("is left alone", StringComparison.Ordinal));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen; (seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen;)
        {
        }
    }

    private (StorePath Needed, StorePath Top) Fill()
    {
        var needed = _store.AddText("needed", "x"u8.ToArray(), [], false);
        return (needed, _store.AddText("top", Encoding.UTF8.GetBytes(_store.Directory.Absolute(needed)), [needed], false));
    }

    private void Copy(LocalStore from, BinaryCacheStore to, params StorePath[] paths) =>
        new StoreCopier(from, from, to, to, from.Directory, _log).Copy(paths, "", default, TestContext.Current.CancellationToken);

    private void ForgetDisk()
    {
        foreach (var file in Directory.GetFiles($"{_folder.Path}/disk"))
        {
            File.Delete(file);
        }
    }

    private BinaryCacheStore Open(BinaryCacheOptions options, bool asSubstituter = false)
    {
        var disk = new NarInfoDiskCache($"{_folder.Path}/disk", new NarInfoLifetimes(), _time, _log);
        _opened.Add(disk);
        var files = new HttpCacheFiles(
            $"{_server.Url}/cache", new PlainRequests(new Uri($"{_server.Url}/cache")), _transfers, options,
            asSubstituter ? TimeSpan.FromSeconds(5) : null, _time, _log);
        return BinaryCacheStore.Open(files, StoreDirectory.Default, options, writes: !asSubstituter, disk);
    }

    private static StoreSubstituter Substitute(BinaryCacheStore cache) => new(
        cache.Uri, false, new StoreParts(cache.Uri, StoreDirectory.Default) { Infos = cache, Nars = cache, Realisations = cache }, StoreDirectory.Default);

    private sealed class SteppingTime : TimeProvider
    {
        private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Step(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
