using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>Makes lists from lists.</summary>
internal static unsafe class NixLists
{
    public static NixList Concat(NixList first, NixList second)
    {
        var slots = Heap.Current.Allocate(first.Count + second.Count);
        first.Items.CopyTo(slots);
        second.Items.CopyTo(slots + first.Count);
        return new NixList(slots, first.Count + second.Count);
    }

    /// <summary>Returns all items in one list; the only list that has any is returned itself.</summary>
    public static NixList Concat(ReadOnlySpan<NixList> parts)
    {
        long count = 0;
        var only = NixList.Empty;
        foreach (var part in parts)
        {
            count += part.Count;
            only = part.Count > 0 ? part : only;
        }

        if (only.Count == count)
        {
            return only;
        }

        var slots = Heap.Current.Allocate((int)count);
        var at = slots;
        foreach (var part in parts)
        {
            part.Items.CopyTo(at);
            at += part.Count;
        }

        return new NixList(slots, (int)count);
    }

    /// <summary>Returns the items from <paramref name="start"/> on, without copying them.</summary>
    public static NixList From(NixList list, int start) => new(list.First + start, list.Count - start);
}
