using System.Text;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Contents;
using Firn.Store.Local;
using Firn.Store.Nars;

namespace Firn.Tests.Store;

public sealed class LocalStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalStore _store;

    public LocalStoreTests() => _store = Open($"{_folder.Path}/a");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    internal static LocalStore Open(string root, LocalStoreSettings? settings = null) => LocalStore.Open(
        StoreLayout.Below(root), settings ?? new LocalStoreSettings(), LocalStoreOptions.Default, NoMessageLog.Instance, TimeProvider.System);

    [Fact]
    public void Text_gets_the_path_that_C_plus_plus_Nix_gives_it()
    {
        // From `nix-instantiate --eval -E 'builtins.toFile "foo" "bar"'`.
        var path = AddText("foo", "bar");

        Assert.Equal("/nix/store/vxjiwkjkn7x4079qvh1jkl5pn05j2aw0-foo", _store.Directory.Absolute(path));
        Assert.Equal("bar", File.ReadAllText(_store.Layout.RealPath(path)));
    }

    [Fact]
    public void An_added_file_is_read_only_and_old()
    {
        var real = _store.Layout.RealPath(AddText("foo", "bar"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(real));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1), File.GetLastWriteTimeUtc(real));
    }

    [Fact]
    public void A_known_path_comes_back_as_it_was_added()
    {
        var foo = AddText("foo", "bar");
        var path = _store.AddText("refers", Encoding.UTF8.GetBytes(_store.Directory.Absolute(foo)), [foo], repair: false);

        var info = _store.Find(path)!;

        Assert.Equal([foo], info.References);
        Assert.Equal("text:sha256:", info.ContentAddress!.ToString()[..12]);
        Assert.Equal([path], _store.FindReferrers(foo));
        Assert.Equal(path, _store.FindByDigest(path.Digest));
        Assert.True(_store.HasGoodContent(path));
    }

    [Fact]
    public void A_tree_is_added_with_its_modes_links_and_odd_names()
    {
        var source = $"{_folder.Path}/source";
        Directory.CreateDirectory($"{source}/sub/empty");
        File.WriteAllText($"{source}/sub/run", "#!/bin/sh\n");
        File.SetUnixFileMode($"{source}/sub/run", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink($"{source}/link", "nowhere");

        var path = _store.AddFromDisk("tree", source, ContentOptions.Default);

        var real = _store.Layout.RealPath(path);
        Assert.Equal("nowhere", new FileInfo($"{real}/link").LinkTarget);
        Assert.True(File.GetUnixFileMode($"{real}/sub/run").HasFlag(UnixFileMode.OtherExecute));
        Assert.Empty(Directory.GetFileSystemEntries($"{real}/sub/empty"));
        Assert.Equal(path, _store.AddFromDisk("tree", source, ContentOptions.Default));
    }

    [Fact]
    public void A_tree_too_large_for_memory_gets_the_same_path()
    {
        var source = $"{_folder.Path}/source";
        Directory.CreateDirectory($"{source}/sub");
        File.WriteAllBytes($"{source}/sub/large", new byte[100_000]);
        using var other = Open($"{_folder.Path}/b", new LocalStoreSettings { NarBufferSize = 1000 });

        var path = other.AddFromDisk("tree", source, ContentOptions.Default);

        Assert.Equal(_store.AddFromDisk("tree", source, ContentOptions.Default), path);
        Assert.True(other.HasGoodContent(path));
        Assert.Equal(
            File.GetUnixFileMode(_store.Layout.RealPath(path)), File.GetUnixFileMode(other.Layout.RealPath(path)));
    }

    [Fact]
    public void An_object_moves_to_another_store_by_its_nar()
    {
        var path = AddText("foo", "bar");
        using var other = Open($"{_folder.Path}/b");

        var nar = new MemoryStream();
        _store.WriteNar(path, nar);
        nar.WriteByte(1);
        nar.Position = 0;
        other.Add(_store.Find(path)!, nar, new NarImport(Repair: false, ChecksSignatures: true));

        Assert.True(other.HasGoodContent(path));
        Assert.Equal(1, nar.ReadByte());
    }

    [Fact]
    public void An_object_with_another_hash_is_refused_and_leaves_the_store_as_it_was()
    {
        var path = AddText("foo", "bar");
        using var other = Open($"{_folder.Path}/b");
        var info = _store.Find(path)! with { NarHash = Firn.Model.Hashing.Hash.Sha256("x"u8), ContentAddress = null };
        var nar = new MemoryStream();
        _store.WriteNar(path, nar);
        nar.Position = 0;

        var error = Assert.Throws<StoreException>(() => other.Add(info, nar, new NarImport(false, false)));

        Assert.Equal(StoreErrors.HashMismatch, error.Diagnostic.Code);
        Assert.False(other.IsValid(path));
    }

    [Fact]
    public void An_object_that_nobody_signed_is_refused_when_signatures_count()
    {
        var path = AddText("foo", "bar");
        using var other = Open($"{_folder.Path}/b");
        var info = _store.Find(path)! with { ContentAddress = null };

        Assert.Throws<StoreException>(() => other.Add(info, Stream.Null, new NarImport(false, ChecksSignatures: true)));
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public void Content_that_does_not_have_the_name_that_follows_from_it_is_refused(string algorithm)
    {
        var method = Firn.Model.Hashing.HashAlgorithms.Find(algorithm)!.Value;
        var file = $"{_folder.Path}/file";
        File.WriteAllText(file, "content");
        using var other = Open($"{_folder.Path}/b");
        foreach (var way in new[] { ContentAddressMethod.NixArchive, ContentAddressMethod.Flat })
        {
            var info = _store.Find(_store.AddFromDisk("thing", file, new ContentOptions { Method = way, Algorithm = method }))!;
            var wrongHash = new ContentAddress(way, Firn.Model.Hashing.Hash.Of(method, "x"u8));
            var wrongName = info with { Path = _store.Directory.MakeContentAddressed("thing", wrongHash, []) };

            Assert.Throws<StoreException>(() => Add(wrongName));
            Assert.Throws<StoreException>(() => Add(wrongName with { ContentAddress = wrongHash }));
            Add(info);
            Assert.True(other.IsValid(info.Path));

            void Add(PathInfo claimed)
            {
                using var nar = ((INarSource)_store).OpenNar(info.Path);
                other.Add(claimed, nar, new NarImport(Repair: false, ChecksSignatures: false));
            }
        }
    }

    [Fact]
    public void An_object_that_others_refer_to_stays_valid()
    {
        var foo = AddText("foo", "bar");
        _store.AddText("refers", "x"u8.ToArray(), [foo], repair: false);

        Assert.Throws<StoreException>(() => _store.Invalidate(foo));
        Assert.True(_store.IsValid(foo));
    }

    [Fact]
    public void A_reference_to_nothing_is_refused()
    {
        var missing = StorePath.Parse("00000000000000000000000000000000-missing");

        Assert.Throws<StoreException>(() => _store.AddText("refers", "x"u8.ToArray(), [missing], repair: false));
        Assert.Empty(_store.ListAll());
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        var root = $"{_folder.Path}/new";
        Open(root).Dispose();
        File.WriteAllText($"{root}/nix/var/nix/db/schema", "11");

        Assert.Contains("version 11", Assert.Throws<StoreException>(() => Open(root)).Message);
    }

    private StorePath AddText(string name, string text) => _store.AddText(name, Encoding.UTF8.GetBytes(text), [], repair: false);
}
