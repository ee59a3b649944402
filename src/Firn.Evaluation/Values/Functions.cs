using Firn.Evaluation.Forcing;
using Firn.Evaluation.Memory;

namespace Firn.Evaluation.Values;

/// <summary>A function written in the language, with the environment it was made in.</summary>
internal readonly struct Closure
{
    private readonly ulong _bits;

    internal Closure(ulong bits) => _bits = bits;

    internal LambdaCode Code => ObjectIds.Get<LambdaCode>((uint)_bits >> 5);

    internal Env Environment => new((uint)(_bits >> 32));

    internal static Value Of(LambdaCode code, Env environment) => new(Kind.Closure, code.Id, environment.Handle);
}

/// <summary>A function that is part of the language.</summary>
internal sealed class Builtin
{
    private readonly int _strict;

    internal Builtin(string name, int arity, int strict, BuiltinBody body) =>
        (Name, Arity, _strict, Body) = (name, arity, strict, body);

    /// <summary>What messages call it, without <c>__</c>.</summary>
    public string Name { get; }

    public int Arity { get; }

    internal BuiltinBody Body { get; }

    /// <summary>Tells whether the body forces argument <paramref name="index"/> first of all, so that it needs no thunk.</summary>
    internal bool IsStrict(int index) => (_strict & (1 << index)) != 0;

    /// <summary>Returns the value that stands for it in the evaluation that this thread runs.</summary>
    internal Value ToValue() => new(Kind.Builtin, 0, Heap.Current.Register(this));
}

/// <summary>Runs a builtin; parameters that its arity does not have are empty.</summary>
internal delegate Value BuiltinBody(Evaluator eval, Value first, Value second, Value third);

/// <summary>A function that has got some of its arguments.</summary>
internal readonly unsafe struct PartialApplication
{
    private readonly ulong _bits;

    internal PartialApplication(ulong bits) => _bits = bits;

    /// <summary>A closure or builtin.</summary>
    internal Value Function => First->Value;

    internal Slots Arguments => new(First + 1, (int)((uint)_bits >> 5));

    private Slot* First => Value.At((uint)(_bits >> 32));

    internal static Value Of(Value function, ReadOnlySpan<Value> arguments)
    {
        var block = Heap.Current.Allocate(1 + arguments.Length);
        block->Value = function;
        for (var i = 0; i < arguments.Length; i++)
        {
            block[1 + i].Value = arguments[i];
        }

        return new Value(Kind.Partial, (uint)arguments.Length, Value.HandleOf(block));
    }
}
