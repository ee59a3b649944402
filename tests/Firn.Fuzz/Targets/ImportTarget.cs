using Firn.Model.Diagnostics;
using Firn.Store.Exporting;
using Firn.Store.Local;

namespace Firn.Fuzz.Targets;

/// <summary>What <c>nix-store --import</c> reads: whatever it is, the store is as sound afterwards as it was before.</summary>
internal sealed class ImportTarget : IFuzzTarget
{
    // The store's database is opened once: it would take longer than all the rest.
    private readonly Lazy<(string Folder, LocalStore Store)> _store = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("firn-import-").FullName;
        return (folder, LocalStore.Open(
            StoreLayout.Below(folder), new LocalStoreSettings { FsyncMetadata = false }, new LocalStoreOptions(), NoMessageLog.Instance, TimeProvider.System));
    });

    private readonly ReaderTarget _reader;

    public ImportTarget() => _reader = new ReaderTarget("import", input => Importer.Import(new MemoryStream(input), _store.Value.Store, _store.Value.Store.Directory));

    public string Name => _reader.Name;

    public void Check(byte[] input)
    {
        _reader.Check(input);
        var (folder, store) = _store.Value;
        var valid = store.ListAll().Select(p => p.ToString()).Order(StringComparer.Ordinal);
        var there = Directory.EnumerateFileSystemEntries($"{folder}/nix/store").Select(f => Path.GetFileName(f)!).Where(f => f != ".links").Order(StringComparer.Ordinal);
        Assert.Equal(valid, there);
    }
}
