namespace Firn.Store;

/// <summary>Does the same for many things on threads of its own: work that mostly waits for others would starve a thread pool.</summary>
public static class ParallelWork
{
    private const int StackSize = 512 * 1024;

    /// <summary>Does <paramref name="work"/> for each item, at most <paramref name="atOnce"/> at a time; the first failure is thrown when all have ended.</summary>
    public static void ForEach<T>(IReadOnlyCollection<T> items, int atOnce, Action<T> work)
    {
        if (items.Count <= 1 || atOnce <= 1)
        {
            foreach (var item in items)
            {
                work(item);
            }

            return;
        }

        using var left = items.GetEnumerator();
        Exception? failure = null;
        var threads = Enumerable.Range(0, Math.Min(atOnce, items.Count)).Select(_ => new Thread(() =>
        {
            while (Next() is (true, var item))
            {
                try
                {
                    work(item!);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, e, null);
                }
            }
        }, StackSize)
        { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        (bool, T?) Next()
        {
            lock (left)
            {
                return failure is null && left.MoveNext() ? (true, left.Current) : (false, default);
            }
        }
    }
}
