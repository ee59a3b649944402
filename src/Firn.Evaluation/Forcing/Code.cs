using System.Runtime.CompilerServices;
using Firn.Evaluation.Memory;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Forcing;

/// <summary>An expression whose variables are resolved: what the evaluator runs.</summary>
/// <param name="position">The global position that errors and traces name.</param>
internal abstract unsafe class Code(int position)
{
    private uint _id;

    public int Position { get; } = position;

    /// <summary>The number by which slots and frames name this code.</summary>
    public uint Id
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _id != 0 ? _id : Register();
    }

    /// <summary>Computes the value; never returns a thunk.</summary>
    public abstract Value Eval(Env environment, Evaluator eval);

    /// <summary>Puts into a slot something that gives the value when forced; what costs nothing is computed at once.</summary>
    public virtual void Delay(Env environment, Evaluator eval, Slot* target) => Defer(environment, target);

    /// <summary>Returns something that gives the value when forced.</summary>
    public Value Delay(Env environment, Evaluator eval)
    {
        Slot slot = default;
        Delay(environment, eval, &slot);
        if (slot.Kind <= Kind.Thunk)
        {
            return new Value(slot.Bits);
        }

        var cell = eval.Heap.Allocate(1);
        *cell = slot;
        return Value.ThunkAt(cell);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Defer(Env environment, Slot* target) =>
        target->Bits = (ulong)Kind.Pending | ((ulong)Id << 5) | ((ulong)environment.Handle << 32);

    /// <summary>Gives the number of this code to <paramref name="other"/>: what was delayed with this one runs the other.</summary>
    protected void GiveWayTo(Code other)
    {
        if (_id != 0)
        {
            ObjectIds.Replace(_id, other);
            other._id = _id;
        }
    }

    private uint Register() => _id = Heap.Current.Register(this);
}

/// <summary>A value that is known before evaluation.</summary>
internal sealed unsafe class ConstantCode(int position, Value value) : Code(position)
{
    public Value Value { get; } = value;

    public override Value Eval(Env environment, Evaluator eval) => eval.Force(Value);

    public override void Delay(Env environment, Evaluator eval, Slot* target) => target->Value = Value;
}

/// <summary>Applies the function in place 1 of its environment to the arguments behind it; for what builtins delay.</summary>
internal sealed unsafe class ApplyCode() : Code(0)
{
    public override Value Eval(Env environment, Evaluator eval) => environment.Length == 3
        ? eval.Call(environment[1].Value, environment[2].Value)
        : eval.Call(environment[1].Value, environment[2].Value, environment[3].Value);

    /// <summary>Returns a thunk of <paramref name="function"/> applied to an argument, or to two.</summary>
    public Value Thunk(Value function, Value first, Value? second = null)
    {
        var heap = Heap.Current;
        var environment = Env.Make(heap, Env.Empty, second is null ? 3 : 4);
        environment[1].Value = function;
        environment[2].Value = first;
        if (second is { } other)
        {
            environment[3].Value = other;
        }

        var cell = heap.Allocate(1);
        Defer(environment, cell);
        return Value.ThunkAt(cell);
    }
}

/// <summary>Runs a function of the host language; for what builtins delay. It must not hold values.</summary>
internal sealed unsafe class DelayedCode(Func<Evaluator, Value> compute) : Code(0)
{
    public static Value Thunk(Func<Evaluator, Value> compute)
    {
        var cell = Heap.Current.Allocate(1);
        new DelayedCode(compute).Defer(Env.Empty, cell);
        return Value.ThunkAt(cell);
    }

    public override Value Eval(Env environment, Evaluator eval) => eval.Force(compute(eval));
}

/// <summary>The place in the source where it stands, as a set.</summary>
internal sealed class PositionCode(int position) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) => eval.PositionValue(Position);
}
