using System.Runtime.CompilerServices;

namespace Firn.Evaluation.Values;

/// <summary>The values in a row of slots: items of a list, attributes of a set, arguments.</summary>
/// <remarks>A <see cref="Slot"/> must not be copied as it is; what is read here refers to it where that is needed.</remarks>
public readonly unsafe struct Slots
{
    private readonly Slot* _first;

    internal Slots(Slot* first, int length)
    {
        _first = first;
        Length = length;
    }

    public int Length { get; }

    /// <summary>The value in a place, perhaps a thunk.</summary>
    public Value this[int place]
    {
        get => At(place)->Value;
        internal set => At(place)->Value = value;
    }

    /// <summary>The slot itself.</summary>
    internal Slot* At(int place)
    {
        if ((uint)place >= (uint)Length)
        {
            ThrowOutOfRange(place);
        }

        return _first + place;
    }

    /// <summary>Returns what tells the value in a place from equal ones elsewhere.</summary>
    internal Value CellOf(int place) => Value.CellOf(At(place));

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Returns the values, perhaps thunks.</summary>
    public Value[] ToArray()
    {
        var values = new Value[Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _first[i].Value;
        }

        return values;
    }

    /// <summary>Puts the values into other slots.</summary>
    internal void CopyTo(Slot* target)
    {
        for (var i = 0; i < Length; i++)
        {
            target[i].Value = _first[i].Value;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOutOfRange(int place) => throw new ArgumentOutOfRangeException(nameof(place));

    /// <summary>Goes through the values.</summary>
    public struct Enumerator
    {
        private readonly Slots _slots;
        private int _place;

        internal Enumerator(Slots slots) => (_slots, _place) = (slots, -1);

        public readonly Value Current => _slots[_place];

        public bool MoveNext() => ++_place < _slots.Length;
    }
}
