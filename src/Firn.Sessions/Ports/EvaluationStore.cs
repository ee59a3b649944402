using System.Collections.Immutable;
using Firn.Archive;
using Firn.Archive.Hashing;
using Firn.Archive.Trees;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Store.Closures;
using Firn.Store.Contents;
using Firn.Sessions.Stores;
using Firn.Store.Local;
using Firn.Store.References;

namespace Firn.Sessions.Ports;

/// <summary>The store as evaluation sees it. Derivations are kept back and written many at a time.</summary>
/// <param name="layout">Where the store is.</param>
/// <param name="open">Opens it, when it is first needed; null for a store that holds nothing.</param>
/// <param name="isReadOnly">Whether things are only named, not written.</param>
/// <param name="build">Builds outputs and returns where they are.</param>
public sealed class EvaluationStore(
    StoreLayout layout, Lazy<OpenStore>? open, bool isReadOnly,
    Func<IReadOnlyCollection<ContextElement.Output>, IReadOnlyList<(ContextElement.Output Output, StorePath Path)>> build) : IEvaluationStore
{
    // One transaction for so many: more would keep too much in memory, fewer would wait for the disk too often.
    private const int BatchSize = 512;

    private readonly Dictionary<StorePath, Derivation> _derivations = [];
    private readonly List<Derivation> _pending = [];

    /// <summary>Whether it is an error to make a derivation, as this store takes none.</summary>
    public bool RefusesDerivations { get; init; }

    public StoreDirectory Directory => layout.Directory;

    /// <summary>Writes the derivations that were kept back.</summary>
    public void Flush()
    {
        if (_pending.Count > 0)
        {
            open!.Value.DerivationSink.AddDerivations(_pending, repair: false);
            _pending.Clear();
        }
    }

    public StorePath AddPath(
        string name, string path, ContentAddressMethod method, Func<string, FileKind, bool>? filter, Hash? expected,
        ImmutableArray<StorePath> references)
    {
        if (expected is not null)
        {
            var known = Directory.MakeContentAddressed(name, new ContentAddress(method, expected), references);
            if (IsValid(known))
            {
                return known;
            }
        }

        PathFilter? taken = filter is null ? null : (inner, kind) => filter(inner, DiskFiles.KindOf(kind));
        StorePath added;
        if (isReadOnly || open is null)
        {
            var hash = PathHash.Of(path, method, HashAlgorithm.Sha256, new TreeDumpOptions { Filter = taken }).Hash;
            added = Directory.MakeContentAddressed(name, new ContentAddress(method, hash), references);
        }
        else
        {
            added = open.Value.Contents.AddFromDisk(
                name, path, new ContentOptions { Method = method, References = references, Filter = taken });
        }

        return expected is null || added.Equals(Directory.MakeContentAddressed(name, new ContentAddress(method, expected), references))
            ? added
            : throw new SessionException(SessionErrors.HashMismatch, $"store path mismatch in (possibly filtered) path added from '{path}'");
    }

    public StorePath AddText(string name, byte[] content, ImmutableArray<StorePath> references) =>
        isReadOnly || open is null
            ? Directory.MakeContentAddressed(name, new ContentAddress(ContentAddressMethod.Text, Hash.Sha256(content)), references)
            : open.Value.Contents.AddText(name, content, references, repair: false);

    public StorePath AddDerivation(Derivation derivation)
    {
        if (RefusesDerivations)
        {
            throw new SessionException(SessionErrors.NotValid, "operation 'addToStore' is not supported by store 'dummy://'");
        }

        var content = DerivationAterm.Write(derivation, Directory);
        var path = Directory.MakeContentAddressed(
            derivation.Name + ".drv", new ContentAddress(ContentAddressMethod.Text, Hash.Sha256(content)), derivation.References());
        if (_derivations.TryAdd(path, derivation) && !isReadOnly && open is not null)
        {
            _pending.Add(derivation);
            if (_pending.Count == BatchSize)
            {
                Flush();
            }
        }

        return path;
    }

    public Derivation ReadDerivation(StorePath path)
    {
        if (!_derivations.TryGetValue(path, out var derivation))
        {
            derivation = Opened().Derivations.Read(path);
            _derivations[path] = derivation;
        }

        return derivation;
    }

    public void EnsurePath(StorePath path)
    {
        if (!isReadOnly && !IsValid(path))
        {
            throw new SessionException(
                SessionErrors.NotValid, $"path '{Directory.Absolute(path)}' does not exist and cannot be created");
        }
    }

    public bool IsValid(StorePath path)
    {
        if (open is null)
        {
            return false;
        }

        if (_derivations.ContainsKey(path))
        {
            Flush();
        }

        return open.Value.Infos.IsValid(path) || (isReadOnly && _derivations.ContainsKey(path));
    }

    public ImmutableArray<StorePath> References(StorePath path) =>
        open is not null && IsValid(path) && open.Value.Infos.Find(path) is { } info ? info.References : [];

    public ImmutableArray<StorePath> ScanReferences(byte[] content, ImmutableArray<StorePath> candidates)
    {
        var scanner = new ReferenceScanner(candidates);
        scanner.Write(content);
        return [.. scanner.Found.Order()];
    }

    public ImmutableArray<StorePath> ClosureWithOutputs(StorePath path)
    {
        Flush();
        return [.. Opened().Closure.Of([path], new ClosureOptions())];
    }

    public IReadOnlyDictionary<string, string> Realise(IReadOnlyCollection<ContextElement> elements)
    {
        Flush();
        var built = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (output, path) in build([.. elements.OfType<ContextElement.Output>()]))
        {
            ImmutableArray<string> chain = [.. output.Through.IsDefault ? [] : output.Through, output.Name];
            var placeholder = chain.Skip(1).Aggregate(Placeholder.OfInput(output.Derivation, chain[0]), Placeholder.OfDynamic);
            built[placeholder.ToString()] = Directory.Absolute(path);
        }

        return built;
    }

    // What this machine has at the place itself comes first, as where another store with the same spelling is mounted there.
    public string RealPath(string path) =>
        layout.RealStoreDirectory == Directory.Path || System.IO.Path.Exists(path) ? path : layout.RealPath(path);

    private OpenStore Opened() => (open ?? throw new SessionException(
        SessionErrors.NotValid, "this store holds nothing, so nothing can be read from it")).Value;
}
