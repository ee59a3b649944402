using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.Derivations;

namespace Firn.Store.Realisations;

/// <summary>Computes by what realisations know the outputs of derivations; may be asked on any thread.</summary>
/// <param name="derivations">Has the derivations that they need.</param>
/// <param name="directory">How paths are spelled.</param>
public sealed class OutputIds(IDerivationSource derivations, StoreDirectory directory)
{
    private readonly Dictionary<StorePath, HashModulo> _hashes = [];
    private readonly Lock _lock = new();

    /// <summary>Returns what stands for an output of a derivation in the store, whatever its path is.</summary>
    public DrvOutput Of(StorePath derivation, string output) => Of(derivations.Read(derivation), output);

    /// <summary>Returns what stands for an output of a derivation at hand; all zeros where that is not known before it is built.</summary>
    public DrvOutput Of(Derivation derivation, string output)
    {
        lock (_lock)
        {
            return new(HashModulo.Of(derivation, directory, masked: true, OfInput).Find(output) ?? Hash.Zero(HashAlgorithm.Sha256), output);
        }
    }

    private HashModulo OfInput(StorePath path)
    {
        if (!_hashes.TryGetValue(path, out var hash))
        {
            _hashes[path] = hash = HashModulo.Of(derivations.Read(path), directory, masked: false, OfInput);
        }

        return hash;
    }
}
