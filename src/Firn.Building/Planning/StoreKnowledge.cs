using Firn.Building.Scheduling;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Local;
using Firn.Store.Substituting;

namespace Firn.Building.Planning;

/// <summary>Answers a planner from a store and its substituters.</summary>
internal sealed class StoreKnowledge(
    LocalStore store, DerivationSources derivations, IReadOnlyList<ISubstituter> substituters, KnownOutputs outputs, IMessageLog log) : IPlanKnowledge
{
    public bool IsValid(StorePath path) => store.IsValid(path);

    public bool HasDerivation(StorePath path) => derivations.IsValid(path);

    public Derivation Read(StorePath path) => derivations.Read(path);

    public StorePath? FindOutput(StorePath path, Derivation derivation, string output) =>
        outputs.Find(path, derivation, output, checksContent: false).Path;

    public void Expect(IReadOnlyCollection<StorePath> paths)
    {
        if (paths.Count > 0 && substituters.Count > 0)
        {
            ParallelWork.ForEach([.. substituters], substituters.Count, s => s.Prefetch(paths));
        }
    }

    public StorePath? FindOutputElsewhere(StorePath path, Derivation derivation, string output)
    {
        var id = outputs.Id(derivation, output);
        return outputs.Find(path, derivation, output, checksContent: false).Path
            ?? substituters.Select(s => s.FindRealisation(id)).FirstOrDefault(r => r is not null)?.OutputPath;
    }

    public SubstitutableObject? FindSubstitute(StorePath path, ContentAddress? address) =>
        substituters.Select(s => Ask(s, path, address)).FirstOrDefault(f => f is not null);

    private SubstitutableObject? Ask(ISubstituter substituter, StorePath path, ContentAddress? address)
    {
        try
        {
            return substituter.Find(path, address);
        }
        catch (FirnException e)
        {
            log.Write(Verbosity.Warning, e.Message);
            return null;
        }
    }
}
