using Firn.Building.Planning;
using Firn.Model.Derivations;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.Derivations;
using Firn.Store.Realisations;

namespace Firn.Building;

/// <summary>Finds which paths outputs have in a store that was told of resolved derivations only, as a cache after each build is.</summary>
/// <param name="ids">Tells by what outputs are known.</param>
/// <param name="derivations">The derivations as they were evaluated.</param>
/// <param name="there">What the other store knows.</param>
/// <param name="directory">How paths are spelled.</param>
public sealed class RealisationsElsewhere(OutputIds ids, IDerivationSource derivations, IRealisations there, StoreDirectory directory)
{
    private readonly Dictionary<(StorePath, string), Realisation?> _found = [];

    /// <summary>Returns what is known of an output there, under the name that it has here; null when nothing is.</summary>
    public Realisation? Find(StorePath path, string output)
    {
        if (!_found.TryGetValue((path, output), out var found))
        {
            _found[(path, output)] = found = Look(path, output);
        }

        return found;
    }

    private Realisation? Look(StorePath path, string output)
    {
        var id = ids.Of(path, output);
        if (there.Find(id) is { } known)
        {
            return known;
        }

        var derivation = derivations.Read(path);
        if (!DerivationResolver.IsNeeded(derivation, allowsContentAddressing: true)
            || DerivationResolver.Resolve(derivation, directory, FindInput) is not { } resolved)
        {
            return null;
        }

        var hashes = HashModulo.Of(resolved, directory, masked: true, _ => throw new InvalidOperationException("a resolved derivation needs no other"));
        return hashes.Find(output) is { } hash && there.Find(new DrvOutput(hash, output)) is { } built ? new Realisation(id, built.OutputPath) : null;
    }

    private StorePath? FindInput(SingleDerivedPath.Built input)
    {
        if (input.Derivation is not SingleDerivedPath.Opaque(var path))
        {
            return null;
        }

        var derivation = derivations.Read(path);
        return derivation.FindOutput(input.Output)?.FindPath(directory, derivation.Name, input.Output) ?? Find(path, input.Output)?.OutputPath;
    }
}
