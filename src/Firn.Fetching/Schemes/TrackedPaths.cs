namespace Firn.Fetching.Schemes;

/// <summary>The paths of what a repository tracks, from its top.</summary>
internal static class TrackedPaths
{
    /// <summary>Returns a path and the folders that it is in, which are part of a tree because of it.</summary>
    internal static IEnumerable<string> SelfAndParents(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            yield return path[..end];
        }
    }
}
