using System.Buffers;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Values;

/// <summary>Collects attributes in any order.</summary>
public struct AttributeSetBuilder(int capacity)
{
    private int[] _symbols = ArrayPool<int>.Shared.Rent(capacity);
    private int[] _positions = ArrayPool<int>.Shared.Rent(capacity);
    private Value[] _values = ArrayPool<Value>.Shared.Rent(capacity);
    private bool _isSorted = true;

    public int Count { get; private set; }

    /// <summary>Adds an attribute; of several with one name the first stays.</summary>
    public void Add(Symbol name, Value value, int position = 0) => Add(name.Id, value, position);

    internal void Add(int symbol, Value value, int position)
    {
        if (Count == _symbols.Length)
        {
            _symbols = Larger(_symbols);
            _positions = Larger(_positions);
        }

        if (Count == _values.Length)
        {
            _values = Larger(_values);
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

        ArrayPool<int>.Shared.Return(_symbols);
        ArrayPool<int>.Shared.Return(_positions);
        ArrayPool<Value>.Shared.Return(_values);
        this = new AttributeSetBuilder(0);
        return set;
    }

    private static T[] Larger<T>(T[] array)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(4, array.Length * 2));
        array.CopyTo(larger, 0);
        ArrayPool<T>.Shared.Return(array);
        return larger;
    }

    private void SortAndDropRepeated()
    {
        var order = new long[Count];
        for (var i = 0; i < Count; i++)
        {
            order[i] = ((long)_symbols[i] << 32) | (uint)i;
        }

        Array.Sort(order);
        var (positions, values) = (_positions[..Count], _values[..Count]);
        Count = 0;
        foreach (var entry in order)
        {
            var (symbol, i) = ((int)(entry >> 32), (int)entry);
            if (Count > 0 && _symbols[Count - 1] == symbol)
            {
                continue;
            }

            (_symbols[Count], _positions[Count], _values[Count]) = (symbol, positions[i], values[i]);
            Count++;
        }
    }
}
