using System.Text;
using Firn.Archive.Compression;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.BinaryCache;
using Firn.Store.BinaryCache.Files;
using Firn.Store.Closures;
using Firn.Store.Copying;
using Firn.Store.Local;
using Firn.Store.Nars;
using Firn.Store.Substituting;

namespace Firn.Tests.Store;

public sealed class BinaryCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalStore _store;

    public BinaryCacheTests() => _store = LocalStoreTests.Open($"{_folder.Path}/store");

    private string Cache => $"{_folder.Path}/cache";

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Xz)]
    [InlineData(CompressionMethod.Zstd)]
    public void Objects_go_into_a_cache_and_come_back(CompressionMethod compression)
    {
        var (needed, top) = Fill();
        CopyToCache(new BinaryCacheOptions { Compression = compression }, needed, top);
        using var other = LocalStoreTests.Open($"{_folder.Path}/other");
        var cache = Open(BinaryCacheOptions.Parse(new Dictionary<string, string>()));

        new StoreCopier(cache, cache, other, other, other.Directory, NoMessageLog.Instance).Copy(
            Closure.Of([top], cache, other.Directory), "", default, TestContext.Current.CancellationToken);

        Assert.True(other.HasGoodContent(top));
        Assert.Equal([needed], other.Find(top)!.References);
        Assert.Equal(new[] { needed, top }.Order(), cache.ListAll());
    }

    [Fact]
    public void Files_are_called_as_the_other_Nix_calls_them()
    {
        var (needed, _) = Fill();
        CopyToCache(new BinaryCacheOptions { Compression = CompressionMethod.Gzip }, needed);
        var cache = Open(new BinaryCacheOptions());
        var kept = new KeptNars(cache, cache, StoreDirectory.Default, $"{_folder.Path}/kept");

        kept.WriteNar(needed, Stream.Null);

        Assert.Matches("^[0-9a-z]{52}[.]nar$", Path.GetFileName(Directory.GetFiles($"{Cache}/nar").Single()));
        Assert.Equal($"{_store.Find(needed)!.NarHash.Digest(HashFormat.Nix32)}.nar", Path.GetFileName(Directory.GetFiles($"{_folder.Path}/kept").Single()));
    }

    [Theory]
    [InlineData("zstd", "99")]
    [InlineData("gzip", "10")]
    [InlineData("xz", "-2")]
    [InlineData("br", "12")]
    [InlineData("bzip2", "0")]
    public void Levels_that_a_method_does_not_have_are_refused(string method, string level) => Assert.Contains(
        "compression-level", Assert.Throws<StoreException>(() => BinaryCacheOptions.Parse(
            new Dictionary<string, string> { ["compression"] = method, ["compression-level"] = level })).Message, StringComparison.Ordinal);

    [Fact]
    public void An_object_whose_references_lack_is_refused()
    {
        var (_, top) = Fill();

        Assert.Throws<StoreException>(() => CopyToCache(new BinaryCacheOptions(), top));
    }

    [Fact]
    public void What_is_added_is_signed()
    {
        using var key = SecretKey.Generate("here-1");
        File.WriteAllText($"{_folder.Path}/key", key.Export());
        var (needed, _) = Fill();
        CopyToCache(BinaryCacheOptions.Parse(new Dictionary<string, string> { ["secret-key"] = $"{_folder.Path}/key" }), needed);

        Assert.Equal(1, Open(new BinaryCacheOptions()).Find(needed)!.CountSignatures(StoreDirectory.Default, [key.PublicKey]));
    }

    [Fact]
    public void A_damaged_archive_ends_in_one_error()
    {
        var (needed, _) = Fill();
        CopyToCache(new BinaryCacheOptions(), needed);
        var nar = Directory.GetFiles($"{Cache}/nar").Single();
        File.WriteAllBytes(nar, File.ReadAllBytes(nar)[..80]);

        Assert.ThrowsAny<FirnException>(() => Open(new BinaryCacheOptions()).WriteNar(needed, Stream.Null));
    }

    [Fact]
    public void A_cache_cannot_name_files_outside()
    {
        var (needed, _) = Fill();
        CopyToCache(new BinaryCacheOptions { Compression = CompressionMethod.None }, needed);
        var file = Directory.GetFiles(Cache, "*.narinfo").Single();
        File.WriteAllText(file, File.ReadAllText(file).Replace("URL: nar/", "URL: nar/../../", StringComparison.Ordinal));

        Assert.Contains("not a path inside", Assert.Throws<StoreException>(() => Open(new BinaryCacheOptions()).WriteNar(needed, Stream.Null)).Message);
    }

    [Fact]
    public void A_cache_for_another_directory_is_refused()
    {
        Directory.CreateDirectory(Cache);
        File.WriteAllText($"{Cache}/nix-cache-info", "StoreDir: /other/store\n");

        Assert.Contains("/other/store", Assert.Throws<StoreException>(() => Open(new BinaryCacheOptions())).Message);
    }

    [Fact]
    public void Each_reads_the_cache_that_the_other_wrote()
    {
        Reference.Require();
        var (needed, top) = Fill();
        string[] nix = ["--extra-experimental-features", "nix-command", "--store", $"{_folder.Path}/store"];
        Reference.Run("nix", [.. nix, "copy", "--to", $"file://{_folder.Path}/theirs", _store.Directory.Absolute(top)]);
        CopyToCache(new BinaryCacheOptions(), needed, top);

        Reference.Run(
            "nix", "--extra-experimental-features", "nix-command", "--store", $"{_folder.Path}/other",
            "copy", "--no-check-sigs", "--from", $"file://{Cache}", _store.Directory.Absolute(top));
        var theirs = BinaryCacheStore.Open(new FolderCacheFiles($"{_folder.Path}/theirs"), StoreDirectory.Default, new BinaryCacheOptions(), writes: false);
        var nar = new MemoryStream();
        theirs.WriteNar(top, nar);

        Assert.Equal(theirs.Find(top)!.NarHash, Hash.Sha256(nar.ToArray()));
        var (ours, other) = (File.ReadAllText($"{Cache}/{top.Digest}.narinfo"), File.ReadAllText($"{_folder.Path}/theirs/{top.Digest}.narinfo"));
        // All but the compressed file's name, hash and size, which depend on the compressor.
        Assert.Equal(Lines(other), Lines(ours));
        static IEnumerable<string> Lines(string text) => text.Split('\n').Where(l => !l.StartsWith("URL", StringComparison.Ordinal) && !l.StartsWith("File", StringComparison.Ordinal));
    }

    [Fact]
    public void A_substituter_offers_content_to_a_store_of_another_directory()
    {
        var (needed, top) = Fill();
        var other = new StoreDirectory("/other");
        var substituter = new StoreSubstituter("x", false, new StoreParts("x", _store.Directory) { Infos = _store, Nars = _store }, other);
        var address = _store.Find(needed)!.ContentAddress!;

        Assert.Equal(needed, substituter.Find(other.MakeContentAddressed("needed", address, []), address)!.PathThere);
        Assert.Null(substituter.Find(top, null));
    }

    [Fact]
    public void The_largest_of_what_can_go_goes_first()
    {
        var small = _store.AddText("small", "x"u8.ToArray(), [], false);
        var large = _store.AddText("large", new byte[10_000], [], false);
        var top = _store.AddText("top", Encoding.UTF8.GetBytes(_store.Directory.Absolute(large)), [large], false);
        var log = new Building.RecordingLog();
        var cache = Open(new BinaryCacheOptions());

        new StoreCopier(_store, _store, cache, cache, _store.Directory, log) { AtOnce = 1 }
            .Copy([small, top, large], "", new NarImport(), TestContext.Current.CancellationToken);

        var copied = log.Messages.Select(m => m.Text).Where(t => t.StartsWith("copying path '", StringComparison.Ordinal)).Select(t => t.Split('\'')[1]);
        Assert.Equal(new[] { large, top, small }.Select(_store.Directory.Absolute), copied);
    }

    private (StorePath Needed, StorePath Top) Fill()
    {
        var needed = _store.AddText("needed", "x"u8.ToArray(), [], false);
        return (needed, _store.AddText("top", Encoding.UTF8.GetBytes(_store.Directory.Absolute(needed)), [needed], false));
    }

    private BinaryCacheStore Open(BinaryCacheOptions options) =>
        BinaryCacheStore.Open(new FolderCacheFiles(Cache), StoreDirectory.Default, options, writes: true);

    private void CopyToCache(BinaryCacheOptions options, params StorePath[] paths)
    {
        var cache = Open(options);
        new StoreCopier(_store, _store, cache, cache, _store.Directory, NoMessageLog.Instance)
            .Copy(paths, "", new NarImport(), TestContext.Current.CancellationToken);
    }
}
