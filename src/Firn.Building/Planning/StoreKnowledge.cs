using Firn.Building.Scheduling;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store.Local;
using Firn.Store.Substituting;

namespace Firn.Building.Planning;

/// <summary>Answers a planner from a store and its substituters.</summary>
internal sealed class StoreKnowledge(LocalStore store, IReadOnlyList<ISubstituter> substituters, KnownOutputs outputs) : IPlanKnowledge
{
    public bool IsValid(StorePath path) => store.IsValid(path);

    public Derivation Read(StorePath path) => store.Read(path);

    public StorePath? FindOutput(StorePath path, Derivation derivation, string output) =>
        outputs.Find(path, derivation, output, checksContent: false).Path;

    public SubstitutableObject? FindSubstitute(StorePath path, ContentAddress? address) =>
        substituters.Select(s => s.Find(path, address)).FirstOrDefault(f => f is not null);
}
