using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Firn.Syntax.Parsing;

/// <summary>Collects the items of nested lists in one growing array: the inner list is taken off before the outer goes on.</summary>
internal struct ScratchStack<T>()
{
    private T[] _items = new T[32];

    internal int Count { get; private set; }

    internal readonly ref T Top => ref _items[Count - 1];

    internal void Push(T item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = item;
    }

    internal T Pop()
    {
        var item = _items[--Count];
        return item;
    }

    /// <summary>The items from <paramref name="floor"/> on.</summary>
    internal readonly ReadOnlySpan<T> Above(int floor) => _items.AsSpan(floor, Count - floor);

    internal void DropTo(int floor) => Count = floor;

    /// <summary>Forgets everything that was ever in it.</summary>
    internal void Clear()
    {
        Array.Clear(_items);
        Count = 0;
    }

    /// <summary>Takes off the items from <paramref name="floor"/> on.</summary>
    internal ImmutableArray<T> TakeAbove(int floor)
    {
        var taken = _items.AsSpan(floor, Count - floor).ToArray();
        Count = floor;
        return ImmutableCollectionsMarshal.AsImmutableArray(taken);
    }
}
