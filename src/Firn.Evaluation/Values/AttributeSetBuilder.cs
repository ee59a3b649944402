using Firn.Syntax.Text;

namespace Firn.Evaluation.Values;

/// <summary>Collects attributes in any order.</summary>
public struct AttributeSetBuilder(int capacity)
{
    private int[] _symbols = new int[capacity];
    private int[] _positions = new int[capacity];
    private Value[] _values = new Value[capacity];
    private bool _isSorted = true;

    public int Count { get; private set; }

    /// <summary>Adds an attribute; of several with one name the first stays.</summary>
    public void Add(Symbol name, Value value, int position = 0) => Add(name.Id, value, position);

    internal void Add(int symbol, Value value, int position)
    {
        if (Count == _symbols.Length)
        {
            var size = Math.Max(4, Count * 2);
            Array.Resize(ref _symbols, size);
            Array.Resize(ref _positions, size);
            Array.Resize(ref _values, size);
        }

        _isSorted &= Count == 0 || _symbols[Count - 1] < symbol;
        _symbols[Count] = symbol;
        _positions[Count] = position;
        _values[Count++] = value;
    }

    /// <summary>Returns the set; the builder is empty afterwards.</summary>
    public AttributeSet Build() => Build(null);

    /// <summary>Returns the set with the shape of an earlier one like it, if there is one.</summary>
    internal AttributeSet Build(ShapeCache? shapes)
    {
        if (Count == 0)
        {
            return AttributeSet.Empty;
        }

        if (!_isSorted)
        {
            SortAndDropRepeated();
        }

        var symbols = _symbols.AsSpan(0, Count);
        var positions = _positions.AsSpan(0, Count);
        var set = AttributeSet.Make(shapes?.Intern(symbols, positions) ?? Shape.Make(symbols, positions));
        var slots = set.Slots;
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = _values[i];
        }

        this = new AttributeSetBuilder(0);
        return set;
    }

    private void SortAndDropRepeated()
    {
        var order = new long[Count];
        for (var i = 0; i < Count; i++)
        {
            order[i] = ((long)_symbols[i] << 32) | (uint)i;
        }

        Array.Sort(order);
        var (symbols, positions, values) = (new int[Count], new int[Count], new Value[Count]);
        var count = 0;
        foreach (var entry in order)
        {
            var (symbol, i) = ((int)(entry >> 32), (int)entry);
            if (count > 0 && symbols[count - 1] == symbol)
            {
                continue;
            }

            (symbols[count], positions[count], values[count]) = (symbol, _positions[i], _values[i]);
            count++;
        }

        (_symbols, _positions, _values, Count) = (symbols, positions, values, count);
    }
}
