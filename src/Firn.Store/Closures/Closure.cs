using Firn.Model.StorePaths;
using Firn.Store.Derivations;
using Firn.Store.PathInfos;

namespace Firn.Store.Closures;

/// <summary>Finds all objects that can be reached from some.</summary>
public sealed class Closure(IPathInfoSource infos, IReferrerSource referrers, IDerivationOutputs outputs, StoreDirectory directory)
{
    /// <summary>Returns the objects reached from <paramref name="start"/>, itself included.</summary>
    /// <exception cref="StoreException">One of them is not valid.</exception>
    public SortedSet<StorePath> Of(IEnumerable<StorePath> start, ClosureOptions options = default) =>
        Reachable(start, path => options.IsFlipped ? Upwards(path, options) : Downwards(path, options));

    /// <summary>Returns the objects reached from <paramref name="start"/> by references, itself included, in a store that knows no more.</summary>
    /// <exception cref="StoreException">One of them is not valid.</exception>
    public static SortedSet<StorePath> OfReferences(IEnumerable<StorePath> start, IPathInfoSource infos, StoreDirectory directory) =>
        infos is IPathInfoPrefetch far ? ReachableAtOnce(start, infos, far, directory) : Reachable(start, path => infos.Get(path, directory).OtherReferences);

    /// <summary>Goes from level to level, so that all of one are asked for together.</summary>
    private static SortedSet<StorePath> ReachableAtOnce(
        IEnumerable<StorePath> start, IPathInfoSource infos, IPathInfoPrefetch far, StoreDirectory directory)
    {
        var found = new SortedSet<StorePath>(start);
        for (var level = found.ToList(); level.Count > 0;)
        {
            far.Prefetch(level);
            level = [.. level.SelectMany(p => infos.Get(p, directory).OtherReferences).Where(found.Add)];
        }

        return found;
    }

    private static SortedSet<StorePath> Reachable(IEnumerable<StorePath> start, Func<StorePath, IEnumerable<StorePath>> next)
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

    private IEnumerable<StorePath> Upwards(StorePath path, ClosureOptions options)
    {
        var next = referrers.FindReferrers(path).Where(r => !r.Equals(path));
        if (options.IncludesOutputs)
        {
            next = next.Concat(outputs.FindDerivers(path));
        }

        return options.IncludesDerivers && path.IsDerivation ? next.Concat(ValidOutputs(path)) : next;
    }

    private IEnumerable<StorePath> Downwards(StorePath path, ClosureOptions options)
    {
        var info = infos.Get(path, directory);
        var next = info.OtherReferences;
        if (options.IncludesOutputs && path.IsDerivation)
        {
            next = next.Concat(ValidOutputs(path));
        }

        return options.IncludesDerivers && info.Deriver is { } deriver && infos.IsValid(deriver) ? next.Append(deriver) : next;
    }

    private IEnumerable<StorePath> ValidOutputs(StorePath derivation) =>
        outputs.FindOutputs(derivation).Values.OfType<StorePath>().Where(infos.IsValid);
}
