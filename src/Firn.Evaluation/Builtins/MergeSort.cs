namespace Firn.Evaluation.Builtins;

/// <summary>A stable sort that a wrong comparison cannot break: the result always has the same items.</summary>
internal static class MergeSort
{
    public static void Sort<T>(T[] items, Func<T, T, bool> isLess)
    {
        var (from, to) = (items, new T[items.Length]);
        for (var width = 1; width < items.Length; width *= 2)
        {
            for (var start = 0; start < items.Length; start += 2 * width)
            {
                Merge(from, to, start, Math.Min(start + width, items.Length), Math.Min(start + (2 * width), items.Length), isLess);
            }

            (from, to) = (to, from);
        }

        if (!ReferenceEquals(from, items))
        {
            from.CopyTo(items, 0);
        }
    }

    private static void Merge<T>(T[] from, T[] to, int start, int middle, int end, Func<T, T, bool> isLess)
    {
        // Runs that are in order already cost one comparison.
        if (middle >= end || !isLess(from[middle], from[middle - 1]))
        {
            Array.Copy(from, start, to, start, end - start);
            return;
        }

        var (left, right) = (start, middle);
        for (var at = start; at < end; at++)
        {
            to[at] = left < middle && (right >= end || !isLess(from[right], from[left])) ? from[left++] : from[right++];
        }
    }
}
