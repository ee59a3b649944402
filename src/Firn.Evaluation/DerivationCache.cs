using System.Collections.Concurrent;
using Firn.Evaluation.Builtins;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Helping;
using Firn.Evaluation.Host;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>What is kept of the derivations that were made or read: their hashes modulo, so that each is hashed once.</summary>
internal sealed class DerivationCache
{
    private readonly IEvaluationStore _store;
    private readonly ConcurrentDictionary<StorePath, HashModulo> _hashes;
    private readonly Stack<(DerivationDraft Draft, ContextCollector Context)> _free = new();

    public DerivationCache(IEvaluationStore store, SymbolTable symbols, SharedFacts shared) =>
        (_store, _hashes, Attributes) = (store, shared.DerivationHashes, new DerivationAttributes(symbols));

    /// <summary>Makes one for another thread of the same evaluation.</summary>
    public DerivationCache(DerivationCache other) => (_store, _hashes, Attributes) = (other._store, other._hashes, other.Attributes);

    /// <summary>Which attributes mean something.</summary>
    public DerivationAttributes Attributes { get; }

    /// <summary>Returns the unmasked hash of the derivation at <paramref name="path"/>.</summary>
    public HashModulo Hash(StorePath path)
    {
        if (!_hashes.TryGetValue(path, out var hash))
        {
            hash = HashModulo.Of(_store.ReadDerivation(path), _store.Directory, masked: false, Hash);
            _hashes[path] = hash;
        }

        return hash;
    }

    /// <summary>Returns the unmasked hash of a derivation, if it is known.</summary>
    public HashModulo? FindHash(StorePath path) => _hashes.GetValueOrDefault(path);

    /// <summary>Remembers a derivation's unmasked hash.</summary>
    public void Add(StorePath path, HashModulo hash) => _hashes.TryAdd(path, hash);

    /// <summary>Lends what a derivation is made with. The attributes of one may have others made, so there are as many as these are deep.</summary>
    public (DerivationDraft Draft, ContextCollector Context) Borrow()
    {
        if (!_free.TryPop(out var free))
        {
            return (new DerivationDraft(_store.Directory, Hash), new ContextCollector());
        }

        free.Draft.Clear();
        free.Context.Clear();
        return free;
    }

    /// <summary>Takes it back; what a failure kept from being given back is lost.</summary>
    public void Return((DerivationDraft Draft, ContextCollector Context) borrowed) => _free.Push(borrowed);
}
