using Firn.Model.StorePaths;
using Firn.Store.Derivations;
using Firn.Store.PathInfos;

namespace Firn.Store.Closures;

/// <summary>Finds all objects that some are reached from, in a store that knows who refers to an object.</summary>
public sealed class ReferrerClosure(IPathInfoSource infos, IReferrerSource referrers, IDerivationOutputs outputs)
{
    /// <summary>Returns the objects from which <paramref name="start"/> is reached, itself included.</summary>
    public SortedSet<StorePath> Of(IEnumerable<StorePath> start, ReferrerClosureOptions options = default) =>
        Closure.Reachable(start, path => Upwards(path, options));

    private IEnumerable<StorePath> Upwards(StorePath path, ReferrerClosureOptions options)
    {
        var next = referrers.FindReferrers(path).Where(r => !r.Equals(path));
        if (options.OutputsBringDerivers)
        {
            next = next.Concat(outputs.FindDerivers(path));
        }

        return options.DerivationsBringOutputs && path.IsDerivation ? next.Concat(outputs.ValidOutputs(path, infos)) : next;
    }
}

/// <summary>What keeps an object alive besides those that refer to it.</summary>
/// <param name="OutputsBringDerivers">Whether an output is reached from the derivations that have it.</param>
/// <param name="DerivationsBringOutputs">Whether a derivation is reached from the outputs it has.</param>
public readonly record struct ReferrerClosureOptions(bool OutputsBringDerivers, bool DerivationsBringOutputs);
