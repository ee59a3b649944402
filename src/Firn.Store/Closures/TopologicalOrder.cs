namespace Firn.Store.Closures;

/// <summary>Orders the nodes of a graph so that each comes before those it points to.</summary>
public static class TopologicalOrder
{
    /// <summary>Orders <paramref name="nodes"/>; edges to others are ignored, and so are those to itself.</summary>
    /// <param name="nodes">In the order to visit them.</param>
    /// <param name="edges">What a node points to.</param>
    /// <param name="onCycle">Makes the error of a circle, from a node and the one that leads back to it.</param>
    public static IReadOnlyList<T> Of<T>(IReadOnlyCollection<T> nodes, Func<T, IEnumerable<T>> edges, Func<T, T, Exception> onCycle)
        where T : notnull
    {
        var members = nodes as ISet<T> ?? new HashSet<T>(nodes);
        var done = new HashSet<T>();
        var open = new HashSet<T>();
        var order = new List<T>(nodes.Count);
        // An own stack: reference chains get longer than a thread's.
        var stack = new Stack<(T Node, IEnumerator<T> Edges)>();
        void Enter(T node)
        {
            open.Add(node);
            stack.Push((node, edges(node).GetEnumerator()));
        }

        foreach (var start in nodes)
        {
            if (!done.Add(start))
            {
                continue;
            }

            Enter(start);
            while (stack.TryPeek(out var top))
            {
                if (!top.Edges.MoveNext())
                {
                    stack.Pop();
                    open.Remove(top.Node);
                    order.Add(top.Node);
                    continue;
                }

                var next = top.Edges.Current;
                if (next.Equals(top.Node) || !members.Contains(next))
                {
                    continue;
                }

                if (open.Contains(next))
                {
                    throw onCycle(next, top.Node);
                }

                if (done.Add(next))
                {
                    Enter(next);
                }
            }
        }

        order.Reverse();
        return order;
    }
}
