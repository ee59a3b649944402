using Firn.Model.StorePaths;
using Firn.Store.Derivations;
using Firn.Store.PathInfos;

namespace Firn.Store.Closures;

/// <summary>Finds all objects that can be reached from some by references: each store knows enough for that.</summary>
public sealed class Closure(IPathInfoSource infos, StoreDirectory directory)
{
    /// <summary>Returns the objects reached from <paramref name="start"/>, itself included.</summary>
    /// <exception cref="StoreException">One of them is not valid.</exception>
    public SortedSet<StorePath> Of(IEnumerable<StorePath> start) =>
        infos is IPathInfoPrefetch far ? ReachableAtOnce(start, far) : Reachable(start, path => infos.Get(path, directory).OtherReferences);

    /// <summary>Does the same, but derivations bring the outputs they have.</summary>
    /// <exception cref="StoreException">One of them is not valid.</exception>
    public SortedSet<StorePath> WithOutputs(IEnumerable<StorePath> start, IDerivationOutputs outputs) => Reachable(start, path =>
    {
        var references = infos.Get(path, directory).OtherReferences;
        return path.IsDerivation ? references.Concat(outputs.ValidOutputs(path, infos)) : references;
    });

    /// <summary>Returns the objects reached from <paramref name="start"/> by references, itself included.</summary>
    /// <exception cref="StoreException">One of them is not valid.</exception>
    public static SortedSet<StorePath> Of(IEnumerable<StorePath> start, IPathInfoSource infos, StoreDirectory directory) =>
        new Closure(infos, directory).Of(start);

    /// <summary>Goes from level to level, so that all of one are asked for together.</summary>
    private SortedSet<StorePath> ReachableAtOnce(IEnumerable<StorePath> start, IPathInfoPrefetch far)
    {
        var found = new SortedSet<StorePath>(start);
        for (var level = found.ToList(); level.Count > 0;)
        {
            far.Prefetch(level);
            level = [.. level.SelectMany(p => infos.Get(p, directory).OtherReferences).Where(found.Add)];
        }

        return found;
    }

    /// <summary>Follows any edges from <paramref name="start"/>, which is included.</summary>
    internal static SortedSet<StorePath> Reachable(IEnumerable<StorePath> start, Func<StorePath, IEnumerable<StorePath>> next)
    {
        var found = new SortedSet<StorePath>();
        var waiting = new Stack<StorePath>();
        void Reach(IEnumerable<StorePath> paths)
        {
            foreach (var path in paths)
            {
                if (found.Add(path))
                {
                    waiting.Push(path);
                }
            }
        }

        Reach(start);
        while (waiting.TryPop(out var path))
        {
            Reach(next(path));
        }

        return found;
    }

    /// <summary>Sorts objects so that each comes before those that it refers to.</summary>
    /// <remarks>Among the orders possible, it is the one that C++ Nix prints.</remarks>
    /// <exception cref="StoreException">Objects refer to each other in a circle.</exception>
    public static IReadOnlyList<StorePath> Sort(IEnumerable<StorePath> paths, IPathInfoSource infos, StoreDirectory directory) =>
        TopologicalOrder.Of(new SortedSet<StorePath>(paths), p => infos.Find(p)?.References ?? [], (path, parent) => new StoreException(
            StoreErrors.Cycle, $"cycle detected in the references of '{directory.Absolute(path)}' from '{directory.Absolute(parent)}'"));
}
