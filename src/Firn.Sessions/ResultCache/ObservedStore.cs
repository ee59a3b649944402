using System.Collections.Immutable;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Sessions.Ports;

namespace Firn.Sessions.ResultCache;

/// <summary>The store; takes down what evaluation learns from it and puts into it.</summary>
internal sealed class ObservedStore(EvaluationStore store, Observer observer) : IEvaluationStore
{
    public StoreDirectory Directory => store.Directory;

    public StorePath AddPath(
        string name, string path, ContentAddressMethod method, Func<string, FileKind, bool>? filter, Hash? expected,
        ImmutableArray<StorePath> references)
    {
        if (expected is not null && store.IsValid(Directory.MakeContentAddressed(name, new ContentAddress(method, expected), references)))
        {
            // Nothing is read then: what it is stands in the expression.
            return Put(store.AddPath(name, path, method, filter, expected, references));
        }

        observer.SawInTree(path);
        return Put(store.AddPath(
            name, path, method,
            (inner, kind) =>
            {
                var isTaken = filter?.Invoke(inner, kind) ?? true;
                if (isTaken)
                {
                    observer.SawInTree(inner);
                }

                return isTaken;
            },
            expected, references));
    }

    public StorePath AddText(string name, byte[] content, ImmutableArray<StorePath> references) => Put(store.AddText(name, content, references));

    public void AddDerivation(DerivationFile file)
    {
        observer.Put(file.Path);
        store.AddDerivation(file);
    }

    public Derivation ReadDerivation(StorePath path)
    {
        Observe(path);
        return store.ReadDerivation(path);
    }

    public void EnsurePath(StorePath path)
    {
        Observe(path);
        store.EnsurePath(path);
    }

    public bool IsValid(StorePath path) => Observe(path);

    public ImmutableArray<StorePath> References(StorePath path)
    {
        var references = store.References(path);
        observer.SawRelated(path, isClosure: false, references);
        return references;
    }

    public ImmutableArray<StorePath> ScanReferences(byte[] content, ImmutableArray<StorePath> candidates) => store.ScanReferences(content, candidates);

    public ImmutableArray<StorePath> ClosureWithOutputs(StorePath path)
    {
        var closure = store.ClosureWithOutputs(path);
        observer.SawRelated(path, isClosure: true, closure);
        return closure;
    }

    public IReadOnlyDictionary<string, string> Realise(IReadOnlyCollection<ContextElement> elements)
    {
        foreach (var output in elements.OfType<ContextElement.Output>())
        {
            // Where the output is depends on how its build went.
            if (!(output.Through.IsDefaultOrEmpty
                && store.ReadDerivation(output.Derivation).FindOutput(output.Name)?.FindPath(Directory, output.Derivation.Name, output.Name) is not null))
            {
                observer.Refuse("it reads what was built, and its path is known after the build only");
            }
        }

        var built = store.Realise(elements);
        foreach (var path in built.Values)
        {
            if (Directory.TryParse(path, out var output))
            {
                observer.SawValidity(output, isValid: true);
            }
        }

        return built;
    }

    public string RealPath(string path) => store.RealPath(path);

    // Of what this evaluation makes itself validity says nothing about the world.
    private bool Observe(StorePath path)
    {
        var isValid = store.IsValid(path);
        if (!observer.HasAdded(path))
        {
            observer.SawValidity(path, isValid);
        }

        return isValid;
    }

    private StorePath Put(StorePath path)
    {
        observer.Put(path);
        return path;
    }
}
