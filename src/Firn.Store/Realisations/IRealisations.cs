using Firn.Model.Realisations;

namespace Firn.Store.Realisations;

/// <summary>Remembers which path an output of a content-addressed derivation got.</summary>
public interface IRealisations
{
    /// <summary>Returns what is known about <paramref name="output"/>, or null.</summary>
    Realisation? Find(DrvOutput output);

    /// <summary>Records a realisation; its path must be valid.</summary>
    /// <exception cref="StoreException">The output has another path already.</exception>
    void Register(Realisation realisation);
}
