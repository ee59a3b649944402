using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Store.PathInfos;

/// <summary>Knows which objects are valid and what is recorded about each.</summary>
public interface IPathInfoSource
{
    /// <summary>Returns what is recorded about <paramref name="path"/>, or null when it is not valid.</summary>
    PathInfo? Find(StorePath path);

    /// <summary>Tells whether <paramref name="path"/> is a whole, registered object.</summary>
    bool IsValid(StorePath path);

    /// <summary>Lists all valid objects, sorted.</summary>
    IEnumerable<StorePath> ListAll();

    /// <summary>Returns the valid object whose path starts with these 32 characters, or null.</summary>
    StorePath? FindByDigest(string digest);
}

/// <summary>What callers of <see cref="IPathInfoSource"/> would else write again and again.</summary>
public static class PathInfoSources
{
    /// <summary>Returns what is recorded about <paramref name="path"/>.</summary>
    /// <exception cref="StoreException">It is not valid.</exception>
    public static PathInfo Get(this IPathInfoSource source, StorePath path, StoreDirectory directory) =>
        source.Find(path) ?? throw StoreException.NotValid(path, directory);
}
