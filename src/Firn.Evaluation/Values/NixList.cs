using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>A list; its items may be thunks.</summary>
public readonly unsafe struct NixList
{
    /// <summary>More items than this do not fit the number that a value has room for.</summary>
    public const int MaxCount = (1 << 27) - 1;

    internal readonly ulong Bits;

    internal NixList(ulong bits) => Bits = bits;

    internal NixList(Slot* items, int count) => Bits = new Value(Kind.List, (uint)count, count == 0 ? 0 : Value.HandleOf(items)).Bits;

    public static NixList Empty => new((ulong)Kind.List);

    public int Count => (int)((uint)Bits >> 5);

    /// <summary>The items, perhaps thunks.</summary>
    public Slots Items => new(First, Count);

    internal Slot* First => Value.At((uint)(Bits >> 32));

    public static NixList Of(IReadOnlyCollection<Value> items)
    {
        var slots = Heap.Current.Allocate(items.Count);
        var at = slots;
        foreach (var item in items)
        {
            (at++)->Value = item;
        }

        return new NixList(slots, items.Count);
    }

    public static NixList Of(ReadOnlySpan<Value> items)
    {
        var slots = Heap.Current.Allocate(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            slots[i].Value = items[i];
        }

        return new NixList(slots, items.Length);
    }
}
