using System.Collections.Immutable;
using System.Text;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Tests.Evaluation;

/// <summary>A world in memory: files given as text, a store that only names things. Several threads may use it.</summary>
internal sealed class MemoryHost : IEvaluationHost, IFileTree, IEvaluationStore, IEvaluationFetcher
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly HashSet<StorePath> _added = [];

    /// <summary>What was told, in order.</summary>
    public List<(MessageKind Kind, string Text)> Told { get; } = [];

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public IFileTree Files => this;

    public IEvaluationStore Store => this;

    public IEvaluationFetcher Fetcher => this;

    public IFlakes Flakes { get; init; } = new NoFlakes();

    public long CurrentTime => 1_000_000_000;

    StoreDirectory IEvaluationStore.Directory => StoreDirectory.Default;

    public MemoryHost With(string path, string text)
    {
        _files[path] = Encoding.UTF8.GetBytes(text);
        return this;
    }

    public string? FindEnvironmentVariable(string name) => Variables.GetValueOrDefault(name);

    public byte[] Execute(IReadOnlyList<string> command) => throw new NotSupportedException();

    public void Tell(MessageKind kind, string text)
    {
        lock (Told)
        {
            Told.Add((kind, text));
        }
    }

    public FileKind? FindKind(string path) =>
        _files.ContainsKey(path) ? FileKind.Regular
        : path == "/" || _files.Keys.Any(f => f.StartsWith(path + "/", StringComparison.Ordinal)) ? FileKind.Directory
        : null;

    public byte[] ReadFile(string path) => _files[path];

    public IReadOnlyList<(string Name, FileKind Kind)> ReadDirectory(string path) =>
    [
        .. _files.Keys.Where(f => f.StartsWith(path + "/", StringComparison.Ordinal))
            .Select(f => f[(path.Length + 1)..].Split('/')[0]).Distinct()
            .Select(name => (name, FindKind($"{path}/{name}")!.Value)),
    ];

    public string ReadLink(string path) => throw new NotSupportedException();

    public string Resolve(string path) => path;

    public StorePath AddPath(
        string name, string path, ContentAddressMethod method, Func<string, FileKind, bool>? filter, Hash? expected,
        ImmutableArray<StorePath> references) => AddText(name, ReadFile(path), references);

    public StorePath AddText(string name, byte[] content, ImmutableArray<StorePath> references) =>
        Added(StoreDirectory.Default.MakeContentAddressed(name, new ContentAddress(ContentAddressMethod.Text, Hash.Sha256(content)), references));

    public void AddDerivation(DerivationFile file)
    {
        Assert.Equal(file.Path, AddText(file.Path.Name, file.Text, file.References));
        lock (Made)
        {
            Made.Add(file);
        }
    }

    /// <summary>The derivations that were made, in order.</summary>
    public List<DerivationFile> Made { get; } = [];

    public Derivation ReadDerivation(StorePath path) => DerivationAterm.Read(
        Made.Find(f => f.Path.Equals(path))!.Text, path.Name[..^".drv".Length], StoreDirectory.Default);

    public void EnsurePath(StorePath path)
    {
    }

    public bool IsValid(StorePath path)
    {
        lock (_added)
        {
            return _added.Contains(path);
        }
    }

    public ImmutableArray<StorePath> References(StorePath path) => [];

    public ImmutableArray<StorePath> ScanReferences(byte[] content, ImmutableArray<StorePath> candidates) => [];

    public ImmutableArray<StorePath> ClosureWithOutputs(StorePath path) => [path];

    public IReadOnlyDictionary<string, string> Realise(IReadOnlyCollection<ContextElement> elements) => throw new NotSupportedException();

    public string RealPath(string path) => path;

    public StorePath FetchUrl(string url, string name, Hash? expected) => throw new NotSupportedException();

    public StorePath FetchTarball(string url, string name, Hash? expected) => throw new NotSupportedException();

    public StorePath FetchClosure(string store, StorePath path, ClosureForm form) => path;

    public FetchedTree FetchTree(IReadOnlyDictionary<string, object> attributes, Action<string> checkUri) => throw new NotSupportedException();

    private StorePath Added(StorePath path)
    {
        lock (_added)
        {
            _added.Add(path);
        }

        return path;
    }
}

/// <summary>Knows no flakes.</summary>
internal sealed class NoFlakes : IFlakes
{
    public IReadOnlyDictionary<string, object> Parse(string text) => throw new NotSupportedException();

    public string Print(IReadOnlyDictionary<string, object> attributes) => throw new NotSupportedException();

    public FlakeGraph Lock(string reference) => throw new NotSupportedException();

    public StorePath FetchTree(string reference) => throw new NotSupportedException();

    public (string Message, string Hint)? FindMissing(string file) => null;

    public string? FindOrigin(string file) => null;
}
