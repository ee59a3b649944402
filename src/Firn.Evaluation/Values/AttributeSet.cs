using Firn.Syntax.Text;

namespace Firn.Evaluation.Values;

/// <summary>A set of named values, possibly laid over a larger set that it updates.</summary>
public sealed class AttributeSet : Value
{
    // A layer is only worth its slower look-ups when the set below is much larger than what is laid over it.
    private const int MinLayeredCount = 64;
    private const int MinLayeredRatio = 4;
    private const int MaxLayers = 6;

    private AttributeSet? _below;
    private int _layers;

    internal AttributeSet(Shape shape, Slot[] slots)
        : this(shape, slots, null, shape.Count)
    {
    }

    private AttributeSet(Shape shape, Slot[] slots, AttributeSet? below, int count)
    {
        (Shape, Slots, _below, Count) = (shape, slots, below, count);
        _layers = below is null ? 0 : below._layers + 1;
    }

    public static AttributeSet Empty { get; } = new(Shape.Empty, []);

    /// <summary>How many attributes there are.</summary>
    public int Count { get; }

    public override string TypeName => "set";

    public override string Description => "a set";

    /// <summary>The names in this layer.</summary>
    internal Shape Shape { get; private set; }

    /// <summary>The values in this layer, in the order of its shape.</summary>
    internal Slot[] Slots { get; private set; }

    /// <summary>Whether all attributes are in this layer.</summary>
    internal bool IsFlat => _below is null;

    /// <summary>Returns the value called <paramref name="name"/>, perhaps a thunk, or null.</summary>
    public Value? Find(Symbol name) => Find(name.Id);

    internal Value? Find(int symbol)
    {
        for (var set = this; set is not null; set = set._below)
        {
            var index = set.Shape.Find(symbol);
            if (index >= 0)
            {
                return set.Slots[index].Value;
            }
        }

        return null;
    }

    /// <summary>Returns the value called <paramref name="symbol"/> and where it was written, or null.</summary>
    internal (Value Value, int Position)? FindEntry(int symbol)
    {
        for (var set = this; set is not null; set = set._below)
        {
            var index = set.Shape.Find(symbol);
            if (index >= 0)
            {
                return (set.Slots[index].Value, set.Shape.Positions[index]);
            }
        }

        return null;
    }

    /// <summary>Finds the slot called <paramref name="symbol"/>; <paramref name="hint"/> is where it was the last time.</summary>
    internal ref Slot Find(int symbol, ref int hint)
    {
        var symbols = Shape.Symbols;
        if ((uint)hint < (uint)symbols.Length && symbols[hint] == symbol)
        {
            return ref Slots[hint];
        }

        for (var set = this; set is not null; set = set._below)
        {
            var index = set.Shape.Find(symbol);
            if (index >= 0)
            {
                hint = index;
                return ref set.Slots[index];
            }
        }

        return ref System.Runtime.CompilerServices.Unsafe.NullRef<Slot>();
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

        if (Count == 0)
        {
            return over;
        }

        if (over.IsFlat && Count >= MinLayeredCount && Count >= over.Count * MinLayeredRatio && _layers < MaxLayers)
        {
            var added = 0;
            foreach (var symbol in over.Shape.Symbols)
            {
                added += Find(symbol) is null ? 1 : 0;
            }

            return new AttributeSet(over.Shape, over.Slots, this, Count + added);
        }

        return Merge(Flat(shapes), over.Flat(shapes), shapes);
    }

    /// <summary>Returns the same attributes in one layer.</summary>
    internal AttributeSet Flat(ShapeCache? shapes)
    {
        if (_below is not null)
        {
            // In place: what is forced in one form must be seen in the other.
            var merged = Merge(_below.Flat(shapes), new AttributeSet(Shape, Slots), shapes);
            (Shape, Slots, _below, _layers) = (merged.Shape, merged.Slots, null, 0);
        }

        return this;
    }

    /// <summary>Lists the attributes in the order of their names' bytes.</summary>
    public IEnumerable<(Symbol Name, Value Value, int Position)> ByName(SymbolTable symbols)
    {
        var flat = Flat(null);
        foreach (var i in flat.Shape.ByName(symbols))
        {
            yield return (symbols[flat.Shape.Symbols[i]], flat.Slots[i].Value, flat.Shape.Positions[i]);
        }
    }

    private static AttributeSet Merge(AttributeSet below, AttributeSet over, ShapeCache? shapes)
    {
        var known = shapes?.FindMerge(below.Shape, over.Shape);
        var (left, right) = (below.Shape.Symbols, over.Shape.Symbols);
        if (known is null)
        {
            known = MergeShapes(below.Shape, over.Shape, shapes);
            shapes?.AddMerge(below.Shape, over.Shape, known);
        }

        if (known.Count == right.Length)
        {
            return over;
        }

        var slots = new Slot[known.Count];
        var (l, r) = (0, 0);
        for (var n = 0; n < slots.Length; n++)
        {
            if (l == left.Length || (r < right.Length && right[r] <= left[l]))
            {
                l += l < left.Length && left[l] == right[r] ? 1 : 0;
                slots[n] = over.Slots[r++];
            }
            else
            {
                slots[n] = below.Slots[l++];
            }
        }

        return new AttributeSet(known, slots);
    }

    private static Shape MergeShapes(Shape below, Shape over, ShapeCache? shapes)
    {
        var (left, right) = (below.Symbols, over.Symbols);
        var common = 0;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            var (a, b) = (left[i], right[j]);
            common += a == b ? 1 : 0;
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
        }

        var count = left.Length + right.Length - common;
        var (symbols, positions) = (new int[count], new int[count]);
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

        return shapes?.Intern(symbols, positions) ?? new Shape(symbols, positions);
    }
}
