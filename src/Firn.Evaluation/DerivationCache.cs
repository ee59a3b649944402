using Firn.Evaluation.Host;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Evaluation;

/// <summary>The hashes modulo of derivations that were made or read, so that each is hashed once.</summary>
internal sealed class DerivationCache(IEvaluationStore store)
{
    private readonly Dictionary<StorePath, HashModulo> _hashes = [];

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

    public void Add(StorePath path, Derivation derivation) =>
        _hashes[path] = HashModulo.Of(derivation, store.Directory, masked: false, Hash);
}
