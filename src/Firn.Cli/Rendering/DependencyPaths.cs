using Firn.Model.StorePaths;

namespace Firn.Cli.Rendering;

/// <summary>The part of a closure that leads to one object, with the number of steps to it.</summary>
internal sealed class DependencyPaths
{
    private readonly Dictionary<StorePath, int> _steps = [];
    private readonly Func<StorePath, IEnumerable<StorePath>> _references;

    public DependencyPaths(IReadOnlyCollection<StorePath> closure, Func<StorePath, IEnumerable<StorePath>> references, StorePath target)
    {
        _references = references;
        var referrers = closure.SelectMany(p => references(p).Select(r => (From: p, To: r))).ToLookup(e => e.To, e => e.From);
        var waiting = new Queue<StorePath>([target]);
        _steps[target] = 0;
        while (waiting.TryDequeue(out var path))
        {
            foreach (var referrer in referrers[path].Where(r => _steps.TryAdd(r, _steps[path] + 1)))
            {
                waiting.Enqueue(referrer);
            }
        }
    }

    /// <summary>Returns the references of an object that lead to the target, those with the fewest steps first.</summary>
    public IReadOnlyList<StorePath> Towards(StorePath path) =>
        [.. _references(path).Where(_steps.ContainsKey).OrderBy(r => _steps[r])];
}
