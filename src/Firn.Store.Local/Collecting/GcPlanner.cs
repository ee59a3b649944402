using Firn.Model.StorePaths;
using Firn.Store.Closures;

namespace Firn.Store.Local.Collecting;

/// <summary>Decides which valid objects live; knows no disk.</summary>
/// <param name="graph">The objects.</param>
/// <param name="keepsOutputs">Whether derivations keep their outputs alive.</param>
/// <param name="keepsDerivations">Whether outputs keep alive the derivation that they were made by.</param>
internal sealed class GcPlanner(GcGraph graph, bool keepsOutputs, bool keepsDerivations)
{
    private readonly bool[] _isAlive = new bool[graph.Count];

    /// <summary>The objects that live, in no order.</summary>
    internal IEnumerable<StorePath> Alive => Enumerable.Range(0, graph.Count).Where(n => _isAlive[n]).Select(n => graph[n]);

    /// <summary>Tells whether an object was valid when the graph was read.</summary>
    internal bool Knows(StorePath path) => graph.Find(path) is not null;

    internal bool IsAlive(StorePath path) => graph.Find(path) is { } number && _isAlive[number];

    /// <summary>Has an object live, and all that it needs; one that is not in the graph is ignored.</summary>
    internal void Keep(StorePath root)
    {
        if (graph.Find(root) is not { } start || _isAlive[start])
        {
            return;
        }

        var waiting = new Stack<int>();
        void Reach(int number)
        {
            if (!_isAlive[number])
            {
                _isAlive[number] = true;
                waiting.Push(number);
            }
        }

        Reach(start);
        while (waiting.TryPop(out var number))
        {
            foreach (var reference in graph.References(number))
            {
                Reach(reference);
            }

            if (keepsOutputs)
            {
                foreach (var output in graph.Outputs(number))
                {
                    Reach(output);
                }
            }

            if (keepsDerivations && graph.Deriver(number) is { } deriver)
            {
                Reach(deriver);
            }
        }
    }

    /// <summary>Returns the objects that do not live, each before those that it refers to.</summary>
    internal IEnumerable<StorePath> ListDead()
    {
        var dead = new HashSet<int>(Enumerable.Range(0, graph.Count).Where(n => !_isAlive[n]));
        return TopologicalOrder.Of(dead, graph.References, (path, _) => Circle(path)).Select(n => graph[n]);
    }

    /// <summary>Returns those of <paramref name="wanted"/> that neither live nor are needed by an object that is not wanted,
    /// each before those that it refers to.</summary>
    internal IReadOnlyList<StorePath> ListRemovable(IReadOnlyCollection<StorePath> wanted)
    {
        var candidates = wanted.Select(graph.Find).OfType<int>().Where(n => !_isAlive[n]).ToHashSet();
        // Whatever stays keeps what it refers to, and so on.
        bool changed;
        do
        {
            changed = false;
            for (var number = 0; number < graph.Count; number++)
            {
                if (!candidates.Contains(number))
                {
                    foreach (var needed in Needed(number))
                    {
                        changed |= needed != number && candidates.Remove(needed);
                    }
                }
            }
        }
        while (changed);
        return [.. TopologicalOrder.Of(candidates, graph.References, (path, _) => Circle(path)).Select(n => graph[n])];
    }

    private IEnumerable<int> Needed(int number)
    {
        var needed = keepsOutputs ? graph.References(number).Concat(graph.Outputs(number)) : graph.References(number);
        return keepsDerivations && graph.Deriver(number) is { } deriver ? needed.Append(deriver) : needed;
    }

    private StoreException Circle(int number) =>
        new(StoreErrors.Cycle, $"cycle detected in the references of '{graph[number]}'");
}
