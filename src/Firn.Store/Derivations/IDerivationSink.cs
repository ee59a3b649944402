using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Store.Derivations;

/// <summary>Writes derivations to a store.</summary>
public interface IDerivationSink
{
    /// <summary>Writes derivations, each after what it refers to, in one transaction; those that are there already stay.</summary>
    /// <returns>Their paths, in the order of <paramref name="derivations"/>.</returns>
    IReadOnlyList<StorePath> AddDerivations(IReadOnlyList<Derivation> derivations, bool repair);
}
