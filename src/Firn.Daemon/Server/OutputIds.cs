using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store;

namespace Firn.Daemon.Server;

/// <summary>Computes by what realisations know the outputs of derivations.</summary>
internal sealed class OutputIds(StoreParts store)
{
    private readonly Dictionary<StorePath, HashModulo> _hashes = [];

    /// <summary>Returns the id of an output of a derivation at hand.</summary>
    public DrvOutput Of(Derivation derivation, string output) => new(
        HashModulo.Of(derivation, store.Directory, masked: true, OfInput).Find(output) ?? Hash.Zero(HashAlgorithm.Sha256), output);

    /// <summary>Returns the id of an output of what was asked for; all zeros when the derivation is not to be had.</summary>
    public DrvOutput Of(DerivedPath path, string output) =>
        path is DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var derivation) } && store.Infos.IsValid(derivation)
            ? Of(store.Derivations.Read(derivation), output)
            : new DrvOutput(Hash.Zero(HashAlgorithm.Sha256), output);

    private HashModulo OfInput(StorePath path)
    {
        if (!_hashes.TryGetValue(path, out var hash))
        {
            _hashes[path] = hash = HashModulo.Of(store.Derivations.Read(path), store.Directory, masked: false, OfInput);
        }

        return hash;
    }
}
