using Firn.Model.StorePaths;

namespace Firn.Store.PathInfos;

/// <summary>A store elsewhere, which can fetch what it lacks from its own substituters when it is asked what it has.</summary>
public interface ISubstitutingSource
{
    /// <summary>Tells which objects are valid; those that are not are fetched first if <paramref name="substitutes"/>.</summary>
    IReadOnlySet<StorePath> FindValid(IReadOnlyCollection<StorePath> paths, bool substitutes);
}
