using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Store.Derivations;

/// <summary>Reads derivations from a store.</summary>
public interface IDerivationSource
{
    /// <summary>Reads the derivation that <paramref name="path"/> holds.</summary>
    /// <exception cref="StoreException">It is not valid, or no derivation.</exception>
    Derivation Read(StorePath path);
}
