using Firn.Model.StorePaths;

namespace Firn.Store.Roots;

/// <summary>Keeps objects from being collected until this process ends.</summary>
public interface ITemporaryRoots
{
    /// <summary>Keeps <paramref name="path"/>, which need not exist yet.</summary>
    void AddTemporaryRoot(StorePath path);
}
