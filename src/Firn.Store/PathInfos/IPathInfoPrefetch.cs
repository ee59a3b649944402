using Firn.Model.StorePaths;

namespace Firn.Store.PathInfos;

/// <summary>Can be told what it will be asked for, and finds all of that out at once: for stores that are far away.</summary>
public interface IPathInfoPrefetch
{
    /// <summary>Finds out about objects, so that asking for each then takes no time; failures show when one asks.</summary>
    void Prefetch(IReadOnlyCollection<StorePath> paths);
}
