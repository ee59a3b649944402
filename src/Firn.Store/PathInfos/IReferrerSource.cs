using Firn.Model.StorePaths;

namespace Firn.Store.PathInfos;

/// <summary>Follows references against their direction.</summary>
public interface IReferrerSource
{
    /// <summary>Returns the valid objects that refer to <paramref name="path"/>, itself included when it does, sorted.</summary>
    IReadOnlyList<StorePath> FindReferrers(StorePath path);
}
