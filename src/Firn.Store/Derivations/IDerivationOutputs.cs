using Firn.Model.StorePaths;

namespace Firn.Store.Derivations;

/// <summary>Relates derivations in a store with the paths of their outputs.</summary>
public interface IDerivationOutputs
{
    /// <summary>Returns the valid derivations that have <paramref name="output"/> as an output, sorted.</summary>
    IReadOnlyList<StorePath> FindDerivers(StorePath output);

    /// <summary>Returns the outputs of a valid derivation by name; null stands for a path that is not known yet.</summary>
    IReadOnlyDictionary<string, StorePath?> FindOutputs(StorePath derivation);
}
