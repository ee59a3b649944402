using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store.Closures;
using Firn.Store.Copying;
using Firn.Store.Derivations;
using Firn.Store.Local;
using Firn.Store.Nars;

namespace Firn.Building;

/// <summary>Where derivations are read: the store that is built in, and before it the one that evaluation wrote to, if that is another.</summary>
/// <param name="store">The store that is built in.</param>
/// <param name="evaluation">The store of <c>--eval-store</c>, or null.</param>
public sealed class DerivationSources(LocalStore store, LocalStore? evaluation) : IDerivationSource
{
    /// <summary>Tells whether a derivation is there.</summary>
    public bool IsValid(StorePath path) => evaluation?.IsValid(path) == true || store.IsValid(path);

    public Derivation Read(StorePath path) => Holder(path).Read(path);

    /// <summary>Returns the store that has a derivation.</summary>
    public LocalStore Holder(StorePath path) => evaluation?.IsValid(path) == true ? evaluation : store;

    /// <summary>Brings sources that only the store of evaluation has to where they are built with.</summary>
    public void Fetch(IEnumerable<StorePath> sources, IMessageLog log, CancellationToken cancellation)
    {
        if (evaluation is null)
        {
            return;
        }

        var missing = sources.Where(s => !store.IsValid(s) && evaluation.IsValid(s)).ToList();
        if (missing.Count > 0)
        {
            // What evaluation wrote a moment ago needs nobody's signature.
            new StoreCopier(evaluation, evaluation, store, store, store.Directory, log).Copy(
                Closure.Of(missing, evaluation, store.Directory), "from the evaluation store",
                new NarImport(Repair: false, ChecksSignatures: false), cancellation);
        }
    }
}
