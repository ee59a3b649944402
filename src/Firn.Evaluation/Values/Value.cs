using System.Runtime.CompilerServices;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>Anything a variable, attribute or list item can hold: a value in weak head normal form, or a <see cref="Thunk"/>.</summary>
/// <remarks>Eight bytes: five say the <see cref="Kind"/>, 27 are a number, 32 the handle of where the rest is.</remarks>
public readonly unsafe struct Value : IEquatable<Value>
{
    internal readonly ulong Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Value(ulong bits) => Bits = bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Value(Kind kind, uint aux, uint handle) => Bits = (ulong)kind | ((ulong)aux << 5) | ((ulong)handle << 32);

    internal Kind Kind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Kind)(Bits & 31);
    }

    internal uint Aux => (uint)Bits >> 5;

    internal uint Handle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)(Bits >> 32);
    }

    /// <summary>Whether this is a value, not something that has to be computed.</summary>
    internal bool IsForced
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Bits & 16) == 0;
    }

    internal bool IsEmpty => Bits == 0;

    internal bool IsNull => Kind == Kind.Null;

    internal bool IsBool => Kind == Kind.Bool;

    internal bool IsInt => Kind is Kind.Int or Kind.WideInt;

    internal bool IsFloat => Kind == Kind.Float;

    internal bool IsBuiltin => Kind == Kind.Builtin;

    internal bool IsNumber => Kind is Kind.Int or Kind.WideInt or Kind.Float;

    internal bool IsString => Kind == Kind.String;

    internal bool IsPath => Kind == Kind.Path;

    internal bool IsList => Kind == Kind.List;

    internal bool IsSet => Kind == Kind.Set;

    internal bool IsThunk => Kind == Kind.Thunk;

    /// <summary>Whether it is a function; sets with <c>__functor</c> are not meant.</summary>
    internal bool IsFunction => Kind is Kind.Closure or Kind.Builtin or Kind.Partial;

    /// <summary>The integer; null when it is none.</summary>
    public long? AsInt => Kind switch
    {
        Kind.Int => (long)Bits >> 5,
        Kind.WideInt => (long)At(Handle)->Bits,
        _ => null,
    };

    public double? AsFloat => Kind == Kind.Float ? BitConverter.UInt64BitsToDouble(At(Handle)->Bits) : null;

    public bool? AsBool => Kind == Kind.Bool ? Bits >> 32 != 0 : null;

    public NixString? AsString => Kind == Kind.String ? new NixString(Bits) : null;

    /// <summary>The path; absolute and canonical, symbolic links as they are.</summary>
    public string? AsPath => Kind == Kind.Path ? ObjectIds.Get<string>(Handle) : null;

    public NixList? AsList => Kind == Kind.List ? new NixList(Bits) : null;

    public AttributeSet? AsSet => Kind == Kind.Set ? new AttributeSet(Handle) : null;

    internal Closure? AsClosure => Kind == Kind.Closure ? new Closure(Bits) : null;

    /// <summary>The code of a closure, and of nothing else.</summary>
    internal LambdaCode ClosureCode
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ObjectIds.Get<LambdaCode>(Aux);
    }

    internal Builtin? AsBuiltin => Kind == Kind.Builtin ? ObjectIds.Get<Builtin>(Handle) : null;

    internal PartialApplication? AsPartial => Kind == Kind.Partial ? new PartialApplication(Bits) : null;

    internal Thunk? AsThunk => Kind == Kind.Thunk ? new Thunk(Handle) : null;

    /// <summary>What the language calls the type, as in <c>builtins.typeOf</c>.</summary>
    public string TypeName => Kind switch
    {
        Kind.Null => "null",
        Kind.Bool => "bool",
        Kind.Int or Kind.WideInt => "int",
        Kind.Float => "float",
        Kind.String => "string",
        Kind.Path => "path",
        Kind.List => "list",
        Kind.Set => "set",
        Kind.Closure or Kind.Builtin or Kind.Partial => "lambda",
        _ => "thunk",
    };

    /// <summary>The type with its article, as messages name it: <c>a set</c>, <c>an integer</c>.</summary>
    public string Description => Kind switch
    {
        Kind.Null => "null",
        Kind.Bool => "a Boolean",
        Kind.Int or Kind.WideInt => "an integer",
        Kind.Float => "a float",
        Kind.String => "a string",
        Kind.Path => "a path",
        Kind.List => "a list",
        Kind.Set => "a set",
        Kind.Closure => "a function",
        Kind.Builtin => "a built-in function",
        Kind.Partial => AsPartial!.Value.Function.Kind == Kind.Builtin ? "a partially applied built-in function" : "a function",
        _ => "a thunk",
    };

    public static implicit operator Value(NixString text) => new(text.Bits);

    public static implicit operator Value(NixList list) => new(list.Bits);

    public static implicit operator Value(AttributeSet set) => new(Kind.Set, 0, set.Handle);

    public static bool operator ==(Value left, Value right) => left.Bits == right.Bits;

    public static bool operator !=(Value left, Value right) => left.Bits != right.Bits;

    /// <summary>Tells whether both are the same object, not whether they are equal in the language.</summary>
    public bool Equals(Value other) => Bits == other.Bits;

    public override bool Equals(object? obj) => obj is Value other && Bits == other.Bits;

    public override int GetHashCode() => Bits.GetHashCode();

    /// <summary>Turns a handle into an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Slot* At(uint handle) => (Slot*)(AddressSpace.Start + ((long)handle * sizeof(ulong)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint HandleOf(Slot* slot) => (uint)(((long)slot - AddressSpace.Start) / sizeof(ulong));

    /// <summary>Returns what tells the value in a slot from equal ones elsewhere: a variable is one value however often it is mentioned.</summary>
    internal static Value CellOf(Slot* slot) => slot->Kind == Kind.Thunk ? new Value(slot->Bits) : ThunkAt(slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Value ThunkAt(Slot* slot) => new(Kind.Thunk, 0, HandleOf(slot));
}
