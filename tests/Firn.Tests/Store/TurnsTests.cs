using System.Text;
using Firn.Archive.Trees;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Contents;
using Firn.Store.Exporting;
using Firn.Store.Collecting;

namespace Firn.Tests.Store;

/// <summary>This store and C++ Nix's, in turns on one folder and side by side.</summary>
public sealed class TurnsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TurnsTests()
    {
        Reference.Require();
        Directory.CreateDirectory($"{_folder.Path}/source/sub");
        File.WriteAllText($"{_folder.Path}/source/sub/run", "#!/bin/sh\n");
        File.SetUnixFileMode($"{_folder.Path}/source/sub/run", (UnixFileMode)0x1ed);
        File.WriteAllText($"{_folder.Path}/source/ünïcode 😀", "text");
        File.CreateSymbolicLink($"{_folder.Path}/source/link", "../sub");
    }

    private string Root => $"{_folder.Path}/root";

    private string Source => $"{_folder.Path}/source";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tree_has_the_same_nar()
    {
        var ours = new MemoryStream();
        TreeDumper.WriteNar(Source, ours);

        Assert.Equal(Reference.RunForBytes([], "nix-store", "--dump", Source), ours.ToArray());
    }

    [Theory]
    [InlineData("nar", "sha256")]
    [InlineData("nar", "sha1")]
    [InlineData("nar", "blake3")]
    [InlineData("flat", "sha256")]
    [InlineData("flat", "md5")]
    [InlineData("git", "sha1")]
    [InlineData("git", "sha256")]
    public void Content_gets_the_same_path_by_each_method(string mode, string algorithm)
    {
        var source = mode == "flat" ? $"{Source}/sub/run" : Source;
        var theirs = Reference.Run(
            "nix", "--extra-experimental-features", "nix-command git-hashing blake3-hashes", "--store", Root,
            "store", "add", "--mode", mode, "--hash-algo", algorithm, "--name", "x", source);
        using var store = LocalStoreTests.Open(Root);
        var options = new ContentOptions
        {
            Method = Firn.Model.ContentAddresses.ContentAddressMethods.Find(mode)!.Value,
            Algorithm = Firn.Model.Hashing.HashAlgorithms.Find(algorithm)!.Value,
        };
        using var own = LocalStoreTests.Open($"{_folder.Path}/own");

        var ours = own.AddFromDisk("x", source, options);

        Assert.Equal(theirs, store.Directory.Absolute(ours));
        // And C++ Nix's record of it is read as ours is, but for the time.
        Assert.Equal(store.Find(ours)! with { RegistrationTime = 0 }, own.Find(ours)! with { RegistrationTime = 0 }, new InfoComparer());
    }

    [Fact]
    public void Each_takes_what_the_other_added()
    {
        StorePath ours, needed;
        using (var store = LocalStoreTests.Open(Root))
        {
            needed = store.AddText("needed", "x"u8.ToArray(), [], false);
            ours = store.AddText("ours", Encoding.UTF8.GetBytes(store.Directory.Absolute(needed)), [needed], false);
        }

        var theirs = StoreDirectory.Default.Parse(Reference.Run("nix-store", "--store", Root, "--add", Source));
        Reference.Run("nix-store", "--store", Root, "--verify", "--check-contents");
        Assert.Equal(StoreDirectory.Default.Absolute(needed), Reference.Run("nix-store", "--store", Root, "-q", "--references", StoreDirectory.Default.Absolute(ours)));

        using var again = LocalStoreTests.Open(Root);
        Assert.True(again.HasGoodContent(theirs));
        Assert.Equal(theirs, again.AddFromDisk("source", Source, ContentOptions.Default));
        Assert.Equal(3, again.ListAll().Count());
        Assert.False(again.Verify(checksContents: true, null, TestContext.Current.CancellationToken));
        var dump = new StringWriter();
        foreach (var path in again.ListAll())
        {
            RegistrationText.Write(dump, again.Find(path)!, again.Directory, withDeriver: true, withHash: true);
        }

        Assert.Equal(Reference.Run("nix-store", "--store", Root, "--dump-db") + "\n", dump.ToString());
    }

    [Fact]
    public void Each_imports_what_the_other_exports()
    {
        using var store = LocalStoreTests.Open(Root);
        var needed = store.AddText("needed", "x"u8.ToArray(), [], false);
        var tree = store.AddFromDisk("tree", Source, new ContentOptions { References = [needed] });
        var ours = new MemoryStream();
        Exporter.Export([tree, needed], store, store, store.Directory, ours);
        string[] paths = [store.Directory.Absolute(needed), store.Directory.Absolute(tree)];

        Assert.Equal(Reference.RunForBytes([], "nix-store", ["--store", Root, "--export", .. paths]), ours.ToArray());
        var imported = Encoding.UTF8.GetString(Reference.RunForBytes(ours.ToArray(), "nix-store", "--store", $"{_folder.Path}/b", "--import"));
        Assert.Equal(paths, imported.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        using var other = LocalStoreTests.Open($"{_folder.Path}/c");
        ours.Position = 0;
        Assert.Equal([needed, tree], Importer.Import(ours, other, other.Directory));
        Assert.True(other.HasGoodContent(tree));
        Assert.Equal([needed], other.Find(tree)!.References);
    }

    [Fact]
    public void One_links_equal_files_as_the_other_does()
    {
        File.WriteAllText($"{Source}/a", "same content");
        File.WriteAllText($"{Source}/sub/b", "same content");
        using var store = LocalStoreTests.Open(Root);
        var path = store.AddFromDisk("tree", Source, ContentOptions.Default);

        Assert.Equal(1, store.Optimise(TestContext.Current.CancellationToken).Files);

        var links = Directory.GetFiles(store.Layout.LinksDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        using (var other = LocalStoreTests.Open($"{_folder.Path}/b"))
        {
            other.AddFromDisk("tree", Source, ContentOptions.Default);
        }

        Reference.Run("nix-store", "--store", $"{_folder.Path}/b", "--optimise");
        Assert.Equal(
            Directory.GetFiles($"{_folder.Path}/b/nix/store/.links").Select(Path.GetFileName).Order(StringComparer.Ordinal), links);
        Assert.True(store.HasGoodContent(path));
        Reference.Run("nix-store", "--store", Root, "--verify", "--check-contents");
    }

    [Fact]
    public void Both_see_the_same_garbage()
    {
        using (var store = LocalStoreTests.Open(Root))
        {
            var needed = store.AddText("needed", "x"u8.ToArray(), [], false);
            var kept = store.AddText("kept", "y"u8.ToArray(), [needed], false);
            store.AddText("lost", "z"u8.ToArray(), [needed], false);
            store.AddPermanentRoot(kept, $"{_folder.Path}/result");
        }

        using var again = LocalStoreTests.Open(Root);
        var dead = again.CollectGarbage(new GcAction.ListDead(), TestContext.Current.CancellationToken).Paths;
        var live = again.CollectGarbage(new GcAction.ListLive(), TestContext.Current.CancellationToken).Paths;

        Assert.Equal(Reference.Run("nix-store", "--store", Root, "--gc", "--print-dead").Split('\n'), dead);
        Assert.Equal(Reference.Run("nix-store", "--store", Root, "--gc", "--print-live").Split('\n'), live);
        Assert.Single(dead);
    }

    private sealed class InfoComparer : IEqualityComparer<PathInfo>
    {
        public bool Equals(PathInfo? x, PathInfo? y) =>
            x!.References.SequenceEqual(y!.References) && x.Signatures.SequenceEqual(y.Signatures)
            && x with { References = [], Signatures = [] } == y with { References = [], Signatures = [] };

        public int GetHashCode(PathInfo obj) => obj.Path.GetHashCode();
    }
}
