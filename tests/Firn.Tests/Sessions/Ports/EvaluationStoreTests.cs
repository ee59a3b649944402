using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Sessions.Ports;
using Firn.Sessions.Stores;
using Firn.Store.Contents;
using Firn.Store.Derivations;
using Firn.Store.Local;

namespace Firn.Tests.Sessions.Ports;

public sealed class EvaluationStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_derivation_that_a_text_refers_to_is_written_before_the_text()
    {
        var (sink, made) = (new Sink(), Made());
        var store = sink.Store(_folder);

        store.AddDerivation(made);
        store.AddText("list", "it"u8.ToArray(), [made.Path]);

        Assert.Equal(["made.drv", "list"], sink.Written);
    }

    [Fact]
    public void A_derivation_that_a_file_refers_to_is_written_before_the_file()
    {
        var (sink, made) = (new Sink(), Made());
        var store = sink.Store(_folder);
        File.WriteAllText($"{_folder}/file", "it");

        store.AddDerivation(made);
        store.AddPath("file", $"{_folder}/file", ContentAddressMethod.NixArchive, null, null, [made.Path]);

        Assert.Equal(["made.drv", "file"], sink.Written);
    }

    [Fact]
    public void One_that_nothing_refers_to_is_kept_back()
    {
        var (sink, made) = (new Sink(), Made());
        var store = sink.Store(_folder);

        store.AddDerivation(made);
        store.AddText("list", "it"u8.ToArray(), []);
        store.Flush();

        Assert.Equal(["list", "made.drv"], sink.Written);
    }

    private static DerivationFile Made()
    {
        var hash = Hash.Sha256("made"u8);
        return new(StorePath.Of(hash.Fold(20), "made.drv"), [], hash, [], []);
    }

    /// <summary>A store that takes down in which order it is given things.</summary>
    private sealed class Sink : IDerivationSink, IContentSink
    {
        public List<string> Written { get; } = [];

        public EvaluationStore Store(string folder) => new(
            StoreLayout.Below(folder),
            new(new OpenStore(StoreReference.Parse("dummy://"), StoreDirectory.Default) { DerivationSink = this, Contents = this }),
            isReadOnly: false, _ => []);

        public void AddDerivations(IReadOnlyList<DerivationFile> files, bool repair) => Written.AddRange(files.Select(f => f.Path.Name));

        public StorePath AddFromDisk(string name, string source, ContentOptions options) => Add(name, options.References);

        public StorePath AddFromNar(string name, Stream nar, ContentOptions options) => Add(name, options.References);

        public StorePath AddText(string name, ReadOnlyMemory<byte> content, IEnumerable<StorePath> references, bool repair) => Add(name, references);

        private StorePath Add(string name, IEnumerable<StorePath> references)
        {
            Written.Add(name);
            return StoreDirectory.Default.MakeContentAddressed(
                name, new ContentAddress(ContentAddressMethod.Text, Hash.Sha256("it"u8)), [.. references]);
        }
    }
}
