using System.Runtime.CompilerServices;
using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>A place in memory that holds a value, or what it will be computed from.</summary>
/// <remarks>
/// Slots live on a <see cref="Heap"/> and do not move. What is delayed is in the slot itself, so a slot must not be copied
/// as it is: <see cref="Value"/> gives something that refers to it where that is needed.
/// </remarks>
public struct Slot
{
    internal ulong Bits;

    /// <summary>The value in this place, or a thunk that stands for it.</summary>
    public unsafe Value Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // Read once: another thread may put the value here meanwhile.
            var bits = Bits;
            return (bits & 31) <= (ulong)Kind.Thunk ? new Value(bits) : Value.ThunkAt((Slot*)Unsafe.AsPointer(ref this));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => Bits = value.Bits;
    }

    internal readonly Kind Kind => (Kind)(Bits & 31);

    internal readonly uint Aux => (uint)Bits >> 5;

    internal readonly uint Handle => (uint)(Bits >> 32);

    internal readonly bool IsEmpty => Bits == 0;

    /// <summary>Whether there is a value, not something that has to be computed.</summary>
    internal readonly bool IsForced => (Bits & 16) == 0;
}
