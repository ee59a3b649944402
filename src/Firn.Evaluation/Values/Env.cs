using System.Runtime.CompilerServices;
using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>An environment: in place 0 the one around it, then the variables.</summary>
internal readonly unsafe struct Env : IEquatable<Env>
{
    private readonly Slot* _slots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Env(Slot* slots) => _slots = slots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Env(uint handle) => _slots = Value.At(handle);

    /// <summary>An environment without places.</summary>
    public static Env Empty => new(0u);

    /// <summary>How many places there are, with place 0.</summary>
    public int Length => (int)_slots->Aux;

    public uint Handle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Value.HandleOf(_slots);
    }

    /// <summary>The environment around it; an empty one when there is none.</summary>
    public Env Outer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_slots->Handle);
    }

    public ref Slot this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _slots[place];
    }

    /// <summary>Returns the address of a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Slot* At(int place) => _slots + place;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Env Make(Heap heap, Env outer, int size)
    {
        var slots = heap.Allocate(size);
        slots->Bits = (ulong)Kind.Environment | ((ulong)size << 5) | ((ulong)outer.Handle << 32);
        return new Env(slots);
    }

    public bool Equals(Env other) => _slots == other._slots;

    public override bool Equals(object? obj) => obj is Env other && Equals(other);

    public override int GetHashCode() => Handle.GetHashCode();
}
