using Firn.Building.Scheduling;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Store.Derivations;
using Firn.Store.Local;

namespace Firn.Building;

/// <summary>Relates derivations and outputs of a local store, those included whose paths follow from what was built.</summary>
public sealed class RealisedOutputs(LocalStore store, DerivationSources derivations) : IDerivationOutputs
{
    private readonly KnownOutputs _known = new(store, derivations, allowsContentAddressing: true);

    public IReadOnlyList<StorePath> FindDerivers(StorePath output) => store.FindDerivers(output);

    public IReadOnlyDictionary<string, StorePath?> FindOutputs(StorePath derivation)
    {
        var outputs = derivations.Holder(derivation).FindOutputs(derivation);
        if (outputs.Values.All(o => o is not null))
        {
            return outputs;
        }

        var read = derivations.Read(derivation);
        var found = new SortedDictionary<string, StorePath?>(Utf8Order.Comparer);
        foreach (var output in read.Outputs)
        {
            found[output.Name] = outputs.GetValueOrDefault(output.Name) ?? store.Find(_known.Id(read, output.Name))?.OutputPath;
        }

        return found;
    }
}
