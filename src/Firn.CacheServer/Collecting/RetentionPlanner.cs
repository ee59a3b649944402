namespace Firn.CacheServer.Collecting;

/// <summary>Decides which objects a cache keeps: those asked for lately, and all that they refer to.</summary>
public static class RetentionPlanner
{
    /// <summary>Returns the digests of objects that nobody asked for since <paramref name="limit"/>, and that nothing kept refers to.</summary>
    public static IReadOnlyList<string> FindDead(
        IEnumerable<(string Digest, DateTimeOffset Accessed, IReadOnlyList<string> References)> paths, DateTimeOffset limit)
    {
        var all = paths.ToDictionary(p => p.Digest, p => (p.Accessed, p.References), StringComparer.Ordinal);
        var kept = all.Where(p => p.Value.Accessed >= limit).Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        var open = new Stack<string>(kept);
        while (open.TryPop(out var digest))
        {
            foreach (var reference in all[digest].References)
            {
                if (all.ContainsKey(reference) && kept.Add(reference))
                {
                    open.Push(reference);
                }
            }
        }

        return [.. all.Keys.Where(d => !kept.Contains(d)).Order(StringComparer.Ordinal)];
    }
}
