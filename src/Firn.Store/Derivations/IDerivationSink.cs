using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Store.Derivations;

/// <summary>Writes derivations to a store.</summary>
public interface IDerivationSink
{
    /// <summary>Writes derivations, each after what it refers to, in one transaction; those that are there already stay.</summary>
    void AddDerivations(IReadOnlyList<DerivationFile> files, bool repair);
}

/// <summary>Writing derivations as they are.</summary>
public static class DerivationSinks
{
    /// <summary>Writes one derivation and returns where it is.</summary>
    public static StorePath AddDerivation(this IDerivationSink sink, Derivation derivation, StoreDirectory directory, bool repair = false)
    {
        var file = DerivationFile.Of(derivation, directory);
        sink.AddDerivations([file], repair);
        return file.Path;
    }
}
