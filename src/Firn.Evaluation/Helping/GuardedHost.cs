using System.Collections.Immutable;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Evaluation.Helping;

/// <summary>The world as one thread of an evaluation may use it: what somebody would notice does not happen ahead of time.</summary>
internal sealed class GuardedHost(IEvaluationHost host, Evaluator eval) : IEvaluationHost
{
    public IEvaluationHost Unguarded => host;

    public IFileTree Files => host.Files;

    public IEvaluationStore Store { get; } = new GuardedStore(host.Store, eval);

    public IEvaluationFetcher Fetcher => Now(host.Fetcher);

    public IFlakes Flakes { get; } = new GuardedFlakes(host.Flakes, eval);

    public long CurrentTime => host.CurrentTime;

    public string? FindEnvironmentVariable(string name) => host.FindEnvironmentVariable(name);

    public byte[] Execute(IReadOnlyList<string> command) => Now(host).Execute(command);

    public void Tell(MessageKind kind, string text) => Now(host).Tell(kind, text);

    private T Now<T>(T part)
    {
        eval.ThrowIfAhead();
        return part;
    }
}

/// <summary>The store, in which nothing is built or fetched ahead of time.</summary>
internal sealed class GuardedStore(IEvaluationStore store, Evaluator eval) : IEvaluationStore
{
    public StoreDirectory Directory => store.Directory;

    private IEvaluationStore Now
    {
        get
        {
            eval.ThrowIfAhead();
            return store;
        }
    }

    public StorePath AddPath(
        string name, string path, ContentAddressMethod method, Func<string, FileKind, bool>? filter, Hash? expected,
        ImmutableArray<StorePath> references) => store.AddPath(name, path, method, filter, expected, references);

    public StorePath AddText(string name, byte[] content, ImmutableArray<StorePath> references) => store.AddText(name, content, references);

    public void AddDerivation(DerivationFile file) => store.AddDerivation(file);

    public Derivation ReadDerivation(StorePath path) => store.ReadDerivation(path);

    public void EnsurePath(StorePath path) => Now.EnsurePath(path);

    public bool IsValid(StorePath path) => Now.IsValid(path);

    public ImmutableArray<StorePath> References(StorePath path) => Now.References(path);

    public ImmutableArray<StorePath> ScanReferences(byte[] content, ImmutableArray<StorePath> candidates) => store.ScanReferences(content, candidates);

    public ImmutableArray<StorePath> ClosureWithOutputs(StorePath path) => Now.ClosureWithOutputs(path);

    public IReadOnlyDictionary<string, string> Realise(IReadOnlyCollection<ContextElement> elements) => Now.Realise(elements);

    public string RealPath(string path) => store.RealPath(path);
}

/// <summary>Flakes, of which none is fetched ahead of time.</summary>
internal sealed class GuardedFlakes(IFlakes flakes, Evaluator eval) : IFlakes
{
    private IFlakes Now
    {
        get
        {
            eval.ThrowIfAhead();
            return flakes;
        }
    }

    public IReadOnlyDictionary<string, object> Parse(string text) => flakes.Parse(text);

    public string Print(IReadOnlyDictionary<string, object> attributes) => flakes.Print(attributes);

    public FlakeGraph Lock(string reference) => Now.Lock(reference);

    public StorePath FetchTree(string reference) => Now.FetchTree(reference);

    public (string Message, string Hint)? FindMissing(string file) => flakes.FindMissing(file);

    public string? FindOrigin(string file) => flakes.FindOrigin(file);
}
