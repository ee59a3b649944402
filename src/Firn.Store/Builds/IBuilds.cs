using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Store.Builds;

/// <summary>Makes objects of a store valid, by substitution or by building, here or wherever the store is.</summary>
public interface IBuilds
{
    /// <summary>Tells what would be built and fetched to make valid what is wanted.</summary>
    BuildPlan Plan(IEnumerable<DerivedPath> wanted);

    /// <summary>Makes what is wanted valid, and tells for each what came of it; failures of what they need are told to the log.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation);

    /// <summary>Builds a derivation whose inputs are sources and valid; the store need not have the derivation itself.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    BuildResult BuildDerivation(StorePath path, Derivation derivation, BuildMode mode, CancellationToken cancellation);

    /// <summary>Makes an object valid that is not, from a substituter.</summary>
    void Ensure(StorePath path, CancellationToken cancellation);

    /// <summary>Makes an object anew whose content is damaged: from a substituter, or by building it again.</summary>
    void Repair(StorePath path, CancellationToken cancellation);
}
