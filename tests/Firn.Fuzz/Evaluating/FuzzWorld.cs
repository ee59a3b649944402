using System.Collections.Immutable;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Fuzz.Evaluating;

/// <summary>The world of a fuzzed evaluation: it may read the files of one folder, and changes nothing.</summary>
/// <param name="root">The folder.</param>
internal sealed class FuzzWorld(string root) : IEvaluationHost, IFileTree, IEvaluationStore, IEvaluationFetcher, IFlakes
{
    private readonly Dictionary<string, byte[]> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<StorePath, Derivation> _derivations = [];
    private readonly HashSet<StorePath> _added = [];

    public IFileTree Files => this;

    public IEvaluationStore Store => this;

    public IEvaluationFetcher Fetcher => this;

    public IFlakes Flakes => this;

    public long CurrentTime => 1_000_000_000;

    StoreDirectory IEvaluationStore.Directory => StoreDirectory.Default;

    /// <summary>Lays a file over what is there.</summary>
    public void Write(string path, byte[] content) => _written[path] = content;

    public string? FindEnvironmentVariable(string name) => null;

    public byte[] Execute(IReadOnlyList<string> command) => throw Refused("programs are not run");

    public void Tell(MessageKind kind, string text)
    {
    }

    public FileKind? FindKind(string path)
    {
        if (_written.ContainsKey(path))
        {
            return FileKind.Regular;
        }

        return !IsInside(path) ? (path == "/" || root.StartsWith(path + "/", StringComparison.Ordinal) ? FileKind.Directory : null)
            : new FileInfo(path) is { LinkTarget: not null } ? FileKind.Link
            : File.Exists(path) ? FileKind.Regular
            : Directory.Exists(path) ? FileKind.Directory
            : null;
    }

    public byte[] ReadFile(string path)
    {
        if (_written.TryGetValue(path, out var content))
        {
            return content;
        }

        try
        {
            return IsInside(path) ? File.ReadAllBytes(path) : throw Refused($"there is no '{path}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(e.Message);
        }
    }

    public IReadOnlyList<(string Name, FileKind Kind)> ReadDirectory(string path) => IsInside(path) && Directory.Exists(path)
        ? [.. new DirectoryInfo(path).EnumerateFileSystemInfos().Select(i => (i.Name, FindKind(i.FullName) ?? FileKind.Other))]
        : throw Refused($"'{path}' is no folder");

    public string ReadLink(string path) => (IsInside(path) ? new FileInfo(path).LinkTarget : null) ?? throw Refused($"'{path}' is no link");

    public string Resolve(string path) => path;

    public StorePath AddPath(
        string name, string path, ContentAddressMethod method, Func<string, FileKind, bool>? filter, Hash? expected,
        ImmutableArray<StorePath> references) =>
        AddText(name, FindKind(path) == FileKind.Regular ? ReadFile(path) : System.Text.Encoding.UTF8.GetBytes(path), references);

    public StorePath AddText(string name, byte[] content, ImmutableArray<StorePath> references)
    {
        var path = StoreDirectory.Default.MakeContentAddressed(name, new ContentAddress(ContentAddressMethod.Text, Hash.Sha256(content)), references);
        _added.Add(path);
        return path;
    }

    public void AddDerivation(DerivationFile file)
    {
        AddText(file.Path.Name, file.Text, file.References);
        _derivations[file.Path] = DerivationAterm.Read(file.Text, file.Path.Name[..^".drv".Length], StoreDirectory.Default);
    }

    public Derivation ReadDerivation(StorePath path) => _derivations.GetValueOrDefault(path) ?? throw Refused($"there is no derivation '{path}'");

    public void EnsurePath(StorePath path)
    {
    }

    public bool IsValid(StorePath path) => _added.Contains(path);

    public ImmutableArray<StorePath> References(StorePath path) => [];

    public ImmutableArray<StorePath> ScanReferences(byte[] content, ImmutableArray<StorePath> candidates) => [];

    public ImmutableArray<StorePath> ClosureWithOutputs(StorePath path) => [path];

    public IReadOnlyDictionary<string, string> Realise(IReadOnlyCollection<ContextElement> elements) => throw Refused("nothing is built");

    public string RealPath(string path) => path;

    public StorePath FetchUrl(string url, string name, Hash? expected) => throw Refused("nothing is fetched");

    public StorePath FetchTarball(string url, string name, Hash? expected) => throw Refused("nothing is fetched");

    public StorePath FetchClosure(string store, StorePath path, ClosureForm form) => throw Refused("nothing is fetched");

    public FetchedTree FetchTree(IReadOnlyDictionary<string, object> attributes, Action<string> checkUri) => throw Refused("nothing is fetched");

    public IReadOnlyDictionary<string, object> Parse(string text) => throw Refused("there are no flakes");

    public string Print(IReadOnlyDictionary<string, object> attributes) => throw Refused("there are no flakes");

    public FlakeGraph Lock(string reference) => throw Refused("there are no flakes");

    public StorePath FetchTree(string reference) => throw Refused("nothing is fetched");

    public (string Message, string Hint)? FindMissing(string file) => null;

    public string? FindOrigin(string file) => null;

    private bool IsInside(string path) => path == root || path.StartsWith(root + "/", StringComparison.Ordinal);

    private static RefusedException Refused(string why) => new(why);
}

/// <summary>A fuzzed expression asked for something of the outside.</summary>
internal sealed class RefusedException(string message) : FirnException(new Diagnostic(new ErrorCode("fuzz/refused"), message));
