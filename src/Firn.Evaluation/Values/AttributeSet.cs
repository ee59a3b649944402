using System.Buffers;
using System.Runtime.CompilerServices;
using Firn.Evaluation.Memory;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Values;

/// <summary>A set of named values, possibly laid over a larger set that it updates.</summary>
/// <remarks>
/// In memory: a word with the handles of the shape and of the set below, then the slots. When there is a set below, two
/// words stand between: the count of all attributes and the number of layers; and the handle of the same attributes in
/// one layer, once somebody asked for it. Nothing else is ever changed: several threads may look into a set.
/// </remarks>
public readonly unsafe struct AttributeSet
{
    // A layer is only worth its slower look-ups when the set below is large, and larger than what is laid over it.
    private const int MinLayeredCount = 24;
    private const int MaxLayers = 8;

    // Layers grow by this from the top down, or else are put together: a set that grows by one attribute at a time
    // is copied a few times as a whole, not once for each.
    private const int LayerGrowth = 2;
    private const int MaxOnStack = 128;

    private const int FlatHead = 1;
    private const int LayerHead = 3;

    internal readonly uint Handle;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal AttributeSet(uint handle) => Handle = handle;

    public static AttributeSet Empty => default;

    /// <summary>How many attributes there are.</summary>
    public int Count => IsFlat ? Shape.Count : (int)(uint)First[1].Bits;

    /// <summary>The names in this layer.</summary>
    internal Shape Shape
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new((uint)First->Bits);
    }

    /// <summary>The values in this layer, in the order of its shape.</summary>
    internal Slots Slots => new(FirstSlot, Shape.Count);

    /// <summary>Whether all attributes are in this layer.</summary>
    internal bool IsFlat => First->Bits >> 32 == 0;

    internal Slot* FirstSlot
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => First + (First->Bits >> 32 == 0 ? FlatHead : LayerHead);
    }

    private Slot* First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Value.At(Handle);
    }

    private AttributeSet Below => new((uint)(First->Bits >> 32));

    private int Layers => IsFlat ? 0 : (int)(First[1].Bits >> 32);

    // What is below this layer, or all of it in one where that was made.
    private AttributeSet Next => First[2].Bits is > 0 and var flat ? new((uint)flat) : Below;

    /// <summary>Returns a flat set whose slots the caller fills.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AttributeSet Make(Heap heap, Shape shape, int count)
    {
        var block = heap.Allocate(FlatHead + count);
        block->Bits = shape.Handle;
        return new AttributeSet(Value.HandleOf(block));
    }

    internal static AttributeSet Make(Shape shape) => Make(Heap.Current, shape, shape.Count);

    /// <summary>Returns the value called <paramref name="name"/>, perhaps a thunk, or null.</summary>
    public Value? Find(Symbol name) => Find(name.Id);

    internal Value? Find(int symbol)
    {
        var slot = FindSlot(symbol);
        return slot == null ? null : slot->Value;
    }

    /// <summary>Returns the slot called <paramref name="symbol"/>, or null.</summary>
    internal Slot* FindSlot(int symbol)
    {
        var set = this;
        while (true)
        {
            var index = set.Shape.Find(symbol);
            if (index >= 0)
            {
                return set.FirstSlot + index;
            }

            if (set.IsFlat)
            {
                return null;
            }

            set = set.Next;
        }
    }

    /// <summary>Returns what tells the value of an attribute, which is there, from equal ones elsewhere.</summary>
    internal Value CellOf(Symbol name) => Value.CellOf(FindSlot(name.Id));

    /// <summary>Returns the value called <paramref name="symbol"/> and where it was written, or null.</summary>
    internal (Value Value, int Position)? FindEntry(int symbol)
    {
        var set = this;
        while (true)
        {
            var index = set.Shape.Find(symbol);
            if (index >= 0)
            {
                return (set.FirstSlot[index].Value, set.Shape.Positions[index]);
            }

            if (set.IsFlat)
            {
                return null;
            }

            set = set.Next;
        }
    }

    /// <summary>Finds the slot called <paramref name="symbol"/>, or null; <paramref name="hint"/> is where it was the last time.</summary>
    /// <remarks>A hint serves one symbol only.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Slot* FindSlot(int symbol, ref Hint hint)
    {
        var head = First->Bits;
        var known = hint.Bits;
        if ((uint)head == (uint)known && known != 0)
        {
            return First + (head >> 32 == 0 ? FlatHead : LayerHead) + (known >> 32);
        }

        return FindAndRemember(symbol, ref hint);
    }

    /// <summary>Returns where the attribute was written, or 0.</summary>
    public int FindPosition(Symbol name) => FindEntry(name.Id)?.Position ?? 0;

    /// <summary>Returns this set with the attributes of <paramref name="over"/> added or replaced.</summary>
    internal AttributeSet Update(AttributeSet over, ShapeCache? shapes)
    {
        if (over.Count == 0)
        {
            return this;
        }

        var count = Count;
        if (count == 0)
        {
            return over;
        }

        over = over.Flat(shapes);
        if (count < MinLayeredCount || count < over.Count)
        {
            return Merge(Flat(shapes), over, shapes);
        }

        var below = this;
        while (!below.IsFlat && below.Shape.Count <= over.Count * LayerGrowth)
        {
            over = Merge(below, over, shapes);
            below = below.Below;
        }

        return below.Layers < MaxLayers && below.Count >= over.Count
            ? below.Layered(over)
            : Merge(below.Flat(shapes), over, shapes);
    }

    /// <summary>Returns the same attributes in one layer.</summary>
    internal AttributeSet Flat(ShapeCache? shapes)
    {
        if (IsFlat)
        {
            return this;
        }

        if (First[2].Bits is > 0 and var known)
        {
            return new AttributeSet((uint)known);
        }

        var below = Below.Flat(shapes);

        // Slots of the flat set refer to the ones here, so what is forced in one form is seen in the other.
        var own = Make(Shape);
        Slots.CopyTo(own.FirstSlot);
        var merged = Merge(below, own, shapes);
        Volatile.Write(ref First[2].Bits, merged.Handle);
        return merged;
    }

    /// <summary>Lists the attributes in the order of their names' bytes.</summary>
    public IEnumerable<(Symbol Name, Value Value, int Position)> ByName(SymbolTable symbols)
    {
        var flat = Flat(null);
        for (var i = 0; i < flat.Shape.Count; i++)
        {
            var place = flat.Shape.ByName(symbols)[i];
            yield return (symbols[flat.Shape.Symbols[place]], flat.Slots[place], flat.Shape.Positions[place]);
        }
    }

    private Slot* FindAndRemember(int symbol, ref Hint hint)
    {
        var index = Shape.Find(symbol);
        if (index >= 0)
        {
            hint = new Hint(Shape, index);
            return FirstSlot + index;
        }

        return IsFlat ? null : Next.FindSlot(symbol);
    }

    private AttributeSet Layered(AttributeSet over)
    {
        var shape = over.Shape;
        var count = Count;
        foreach (var symbol in shape.Symbols)
        {
            count += FindSlot(symbol) == null ? 1 : 0;
        }

        var block = Heap.Current.Allocate(LayerHead + shape.Count);
        block->Bits = shape.Handle | ((ulong)Handle << 32);
        block[1].Bits = (uint)count | ((ulong)(Layers + 1) << 32);
        over.Slots.CopyTo(block + LayerHead);
        return new AttributeSet(Value.HandleOf(block));
    }

    private static AttributeSet Merge(AttributeSet below, AttributeSet over, ShapeCache? shapes)
    {
        if (shapes?.FindMerge(below.Shape, over.Shape) is not { } known)
        {
            known = MergeShapes(below.Shape, over.Shape, shapes);
            shapes?.AddMerge(below.Shape, over.Shape, known);
        }

        var left = below.Shape.Symbols;
        var right = over.Shape.Symbols;
        if (known.Count == right.Length)
        {
            return over;
        }

        var set = Make(known);
        var first = below.FirstSlot;
        var second = over.FirstSlot;
        var target = set.FirstSlot;
        var (l, r) = (0, 0);
        for (var n = known.Count; n > 0; n--)
        {
            if (l == left.Length || (r < right.Length && right[r] <= left[l]))
            {
                l += l < left.Length && left[l] == right[r] ? 1 : 0;
                (target++)->Value = second[r++].Value;
            }
            else
            {
                (target++)->Value = first[l++].Value;
            }
        }

        return set;
    }

    private static Shape MergeShapes(Shape below, Shape over, ShapeCache? shapes)
    {
        var left = below.Symbols;
        var right = over.Symbols;
        var common = 0;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            var (a, b) = (left[i], right[j]);
            common += a == b ? 1 : 0;
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
        }

        var count = left.Length + right.Length - common;
        // Not new arrays: those of large sets are large objects, which make the collector look at everything.
        var rented = count <= MaxOnStack ? null : ArrayPool<int>.Shared.Rent(2 * count);
        var names = rented ?? stackalloc int[2 * count];
        var symbols = names[..count];
        var positions = names[count..(2 * count)];
        var (l, r) = (0, 0);
        for (var n = 0; n < count; n++)
        {
            if (l == left.Length || (r < right.Length && right[r] <= left[l]))
            {
                l += l < left.Length && left[l] == right[r] ? 1 : 0;
                symbols[n] = right[r];
                positions[n] = over.Positions[r++];
            }
            else
            {
                symbols[n] = left[l];
                positions[n] = below.Positions[l++];
            }
        }

        var merged = shapes?.Intern(symbols, positions) ?? Shape.Make(symbols, positions);
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        return merged;
    }
}

/// <summary>Where an attribute stood in the last set that some code looked into: sets from one place have one shape.</summary>
internal readonly struct Hint
{
    /// <summary>The shape of that set's uppermost layer, and the attribute's place in it above; 0 when nothing is known.</summary>
    /// <remarks>One word, so that what one thread writes another reads as a whole.</remarks>
    public readonly ulong Bits;

    public Hint(Shape shape, int place) => Bits = shape.Handle | ((ulong)(uint)place << 32);
}
