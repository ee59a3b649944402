using Firn.Evaluation.Builtins;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>What is kept of the derivations that were made or read: their hashes modulo, so that each is hashed once.</summary>
internal sealed class DerivationCache(IEvaluationStore store, SymbolTable symbols)
{
    private readonly Dictionary<StorePath, HashModulo> _hashes = [];
    private readonly Stack<(DerivationDraft Draft, ContextCollector Context)> _free = new();

    /// <summary>Which attributes mean something.</summary>
    public DerivationAttributes Attributes { get; } = new(symbols);

    /// <summary>Returns the unmasked hash of the derivation at <paramref name="path"/>.</summary>
    public HashModulo Hash(StorePath path)
    {
        if (!_hashes.TryGetValue(path, out var hash))
        {
            hash = HashModulo.Of(store.ReadDerivation(path), store.Directory, masked: false, Hash);
            _hashes[path] = hash;
        }

        return hash;
    }

    /// <summary>Remembers a derivation's unmasked hash.</summary>
    public void Add(StorePath path, HashModulo hash) => _hashes.TryAdd(path, hash);

    /// <summary>Lends what a derivation is made with. The attributes of one may have others made, so there are as many as these are deep.</summary>
    public (DerivationDraft Draft, ContextCollector Context) Borrow()
    {
        if (!_free.TryPop(out var free))
        {
            return (new DerivationDraft(store.Directory, Hash), new ContextCollector());
        }

        free.Draft.Clear();
        free.Context.Clear();
        return free;
    }

    /// <summary>Takes it back; what a failure kept from being given back is lost.</summary>
    public void Return((DerivationDraft Draft, ContextCollector Context) borrowed) => _free.Push(borrowed);
}
