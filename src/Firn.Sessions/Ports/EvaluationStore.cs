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
using Firn.Store.Contents;
using Firn.Sessions.Stores;
using Firn.Store.Local;
using Firn.Store.References;

namespace Firn.Sessions.Ports;

/// <summary>The store as evaluation sees it. Derivations are kept back and written many at a time.</summary>
/// <remarks>Several threads of an evaluation may use it at once.</remarks>
/// <param name="layout">Where the store is.</param>
/// <param name="open">Opens it, when it is first needed; null for a store that holds nothing.</param>
/// <param name="isReadOnly">Whether things are only named, not written.</param>
/// <param name="build">Builds outputs and returns where they are.</param>
public sealed class EvaluationStore(
    StoreLayout layout, Lazy<OpenStore>? open, bool isReadOnly,
    Func<IReadOnlyCollection<ContextElement.Output>, IReadOnlyList<(ContextElement.Output Output, StorePath Path)>> build) : IEvaluationStore
{
    private readonly Lock _lock = new();
    private readonly HashSet<StorePath> _made = [];
    private readonly Dictionary<StorePath, Derivation> _read = [];
    // Nothing is written in read-only mode, yet what was made can be asked for.
    private readonly Dictionary<StorePath, byte[]> _unwritten = [];
    private readonly DerivationQueue _queue = new(open);

    /// <summary>Whether it is an error to make a derivation, as this store takes none.</summary>
    public bool RefusesDerivations { get; init; }

    public StoreDirectory Directory => layout.Directory;

    /// <summary>Writes the derivations that were kept back.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _queue.Flush();
        }
    }

    /// <summary>Returns when nothing is being written any more, however that went.</summary>
    public void Settle() => _queue.Settle();

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

        // Files of a store that is elsewhere than its paths say are read where they are, and known by what the paths say.
        var real = RealPath(path);
        PathFilter? taken = filter is null ? null : (inner, kind) => filter(path + inner[real.Length..], DiskFiles.KindOf(kind));
        StorePath added;
        if (isReadOnly || open is null)
        {
            var hash = PathHash.Of(real, method, HashAlgorithm.Sha256, new TreeDumpOptions { Filter = taken }).Hash;
            added = Directory.MakeContentAddressed(name, new ContentAddress(method, hash), references);
        }
        else
        {
            FlushMade(references);
            added = open.Value.Contents.AddFromDisk(
                name, real, new ContentOptions { Method = method, References = references, Filter = taken });
        }

        return expected is null || added.Equals(Directory.MakeContentAddressed(name, new ContentAddress(method, expected), references))
            ? added
            : throw new SessionException(SessionErrors.HashMismatch, $"store path mismatch in (possibly filtered) path added from '{path}'");
    }

    public StorePath AddText(string name, byte[] content, ImmutableArray<StorePath> references)
    {
        if (isReadOnly || open is null)
        {
            return Directory.MakeContentAddressed(name, new ContentAddress(ContentAddressMethod.Text, Hash.Sha256(content)), references);
        }

        FlushMade(references);
        return open.Value.Contents.AddText(name, content, references, repair: false);
    }

    public void AddDerivation(DerivationFile file)
    {
        if (RefusesDerivations)
        {
            throw new SessionException(SessionErrors.NotValid, "operation 'addToStore' is not supported by store 'dummy://'");
        }

        lock (_lock)
        {
            if (!_made.Add(file.Path))
            {
                return;
            }

            if (isReadOnly || open is null)
            {
                _unwritten.Add(file.Path, file.Text);
            }
            else
            {
                _queue.Add(file);
            }
        }
    }

    public Derivation ReadDerivation(StorePath path)
    {
        lock (_lock)
        {
            if (!_read.TryGetValue(path, out var derivation))
            {
                if (_unwritten.TryGetValue(path, out var text))
                {
                    derivation = DerivationAterm.Read(text, path.Name[..^".drv".Length], Directory);
                }
                else
                {
                    FlushIfMade(path);
                    derivation = Opened().Derivations.Read(path);
                }

                _read[path] = derivation;
            }

            return derivation;
        }
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

        lock (_lock)
        {
            FlushIfMade(path);
            return open.Value.Infos.IsValid(path) || (isReadOnly && _made.Contains(path));
        }
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
        return [.. Opened().Closure.Of([path])];
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

    private void FlushIfMade(StorePath path)
    {
        if (path.IsDerivation && _made.Contains(path))
        {
            Flush();
        }
    }

    // What others refer to has to be there before them.
    private void FlushMade(ImmutableArray<StorePath> references)
    {
        foreach (var reference in references)
        {
            FlushIfMade(reference);
        }
    }

    private OpenStore Opened() => (open ?? throw new SessionException(
        SessionErrors.NotValid, "this store holds nothing, so nothing can be read from it")).Value;
}
