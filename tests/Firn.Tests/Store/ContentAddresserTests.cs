using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.Signing;
using Firn.Store;
using Firn.Store.Contents;
using Firn.Store.Copying;
using Firn.Store.Local;

namespace Firn.Tests.Store;

public sealed class ContentAddresserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalStore _store;

    public ContentAddresserTests() => _store = LocalStoreTests.Open($"{_folder.Path}/a");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Rewritten_objects_are_named_by_their_content_and_name_each_other()
    {
        var leaf = _store.AddText("leaf", "leaf"u8.ToArray(), [], repair: false);
        var source = $"{_folder.Path}/tree";
        Directory.CreateDirectory(source);
        File.WriteAllText($"{source}/uses", _store.Directory.Absolute(leaf));
        var tree = _store.AddFromDisk("tree", source, ContentOptions.Default with { References = [leaf] });

        var here = new StoreParts("here", _store.Directory) { Infos = _store, Nars = _store, NarSink = _store };
        var renamed = new ContentAddresser(here, here, NoMessageLog.Instance).Copy([tree], CancellationToken.None);

        var info = _store.Find(renamed[tree])!;
        Assert.True(info.IsContentAddressed(_store.Directory));
        Assert.Equal([renamed[leaf]], info.References);
        Assert.Equal(_store.Directory.Absolute(renamed[leaf]), File.ReadAllText(_store.Layout.RealPath(renamed[tree]) + "/uses"));
        Assert.True(_store.HasGoodContent(renamed[tree]));
        Assert.NotEqual(leaf, renamed[leaf]);
        Assert.Equal("leaf", Encoding.UTF8.GetString(File.ReadAllBytes(_store.Layout.RealPath(renamed[leaf]))));
    }
}
