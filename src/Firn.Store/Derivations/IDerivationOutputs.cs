using Firn.Model.StorePaths;
using Firn.Store.PathInfos;

namespace Firn.Store.Derivations;

/// <summary>Relates derivations in a store with the paths of their outputs.</summary>
public interface IDerivationOutputs
{
    /// <summary>Returns the valid derivations that have <paramref name="output"/> as an output, sorted.</summary>
    IReadOnlyList<StorePath> FindDerivers(StorePath output);

    /// <summary>Returns the outputs of a valid derivation by name; null stands for a path that is not known yet.</summary>
    IReadOnlyDictionary<string, StorePath?> FindOutputs(StorePath derivation);
}

/// <summary>What callers of <see cref="IDerivationOutputs"/> would else write again and again.</summary>
public static class DerivationOutputs
{
    /// <summary>Returns the outputs of a valid derivation that are valid themselves.</summary>
    public static IEnumerable<StorePath> ValidOutputs(this IDerivationOutputs outputs, StorePath derivation, IPathInfoSource infos) =>
        outputs.FindOutputs(derivation).Values.OfType<StorePath>().Where(infos.IsValid);
}
