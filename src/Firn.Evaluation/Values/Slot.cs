using System.Runtime.CompilerServices;

namespace Firn.Evaluation.Values;

/// <summary>A place that holds a value or, in the first place of an environment, the environment around it.</summary>
/// <remarks>A struct, since arrays of structs need no type check when they are written to.</remarks>
public struct Slot
{
    internal object? Item;

    public Slot(Value value) => Item = value;

    /// <summary>The value or thunk in this place.</summary>
    public Value Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => Unsafe.As<Value>(Item!);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => Item = value;
    }
}
