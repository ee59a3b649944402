using Firn.Model.StorePaths;

namespace Firn.Store.Roots;

/// <summary>Keeps objects from being collected for as long as a link exists.</summary>
public interface IGcRoots
{
    /// <summary>Makes the symlink <paramref name="link"/> to an object, and has the store know of the link.</summary>
    /// <exception cref="StoreException">Something that is no link into the store stands there.</exception>
    void AddPermanentRoot(StorePath path, string link);

    /// <summary>Has the store know of a link anywhere in the file system, which somebody else made or will make.</summary>
    void AddIndirectRoot(string link);

    /// <summary>Lists the links that keep objects, and what running processes use.</summary>
    IEnumerable<GcRoot> ListRoots();
}

/// <summary>Something that keeps an object from being collected.</summary>
/// <param name="Link">The link, or a description such as <c>{memory:123}</c>.</param>
/// <param name="Path">What it keeps.</param>
public readonly record struct GcRoot(string Link, StorePath Path);
