using Firn.Evaluation.Values;

namespace Firn.Evaluation.Forcing;

/// <summary>An expression whose variables are resolved: what the evaluator runs.</summary>
/// <param name="position">The global position that errors and traces name.</param>
internal abstract class Code(int position)
{
    private Blackhole? _blackhole;

    public int Position { get; } = position;

    /// <summary>What stands in a thunk while this code computes its value.</summary>
    public Blackhole Blackhole => _blackhole ??= new Blackhole(this);

    /// <summary>Computes the value; never returns a thunk.</summary>
    public abstract Value Eval(Slot[] environment, Evaluator eval);

    /// <summary>Returns something that gives the value when forced; what costs nothing is computed at once.</summary>
    public virtual Value Delay(Slot[] environment, Evaluator eval) => new Thunk(this, environment);
}

/// <summary>Marks a thunk that is being forced: forcing it again is infinite recursion.</summary>
internal sealed class Blackhole(Code original) : Code(original.Position)
{
    public Code Original { get; } = original;

    public override Value Eval(Slot[] environment, Evaluator eval) => throw new InvalidOperationException("a blackhole was run");
}

/// <summary>A value that is known before evaluation.</summary>
internal sealed class ConstantCode(int position, Value value) : Code(position)
{
    public Value Value { get; } = value;

    public override Value Eval(Slot[] environment, Evaluator eval) => Value is Thunk thunk ? thunk.Force(eval) : Value;

    public override Value Delay(Slot[] environment, Evaluator eval) => Value;
}

/// <summary>Applies the function in place 0 of its environment to the arguments behind it; for what builtins delay.</summary>
internal sealed class ApplyCode : Code
{
    private ApplyCode() : base(0) { }

    public static ApplyCode Instance { get; } = new();

    public static Thunk Thunk(Value function, Value argument) => new(Instance, [new Slot(function), new Slot(argument)]);

    /// <summary>Returns a thunk of <paramref name="function"/> applied to two arguments.</summary>
    public static Thunk Thunk(Value function, Value first, Value second) =>
        new(Instance, [new Slot(function), new Slot(first), new Slot(second)]);

    public override Value Eval(Slot[] environment, Evaluator eval) => environment.Length == 2
        ? eval.Call(environment[0].Value, environment[1].Value)
        : eval.Call(environment[0].Value, environment[1].Value, environment[2].Value);
}

/// <summary>Runs a function of the host language; for what builtins delay.</summary>
internal sealed class DelayedCode(Func<Evaluator, Value> compute) : Code(0)
{
    public static Thunk Thunk(Func<Evaluator, Value> compute) => new(new DelayedCode(compute), []);

    public override Value Eval(Slot[] environment, Evaluator eval) => eval.Force(compute(eval));
}

/// <summary>The place in the source where it stands, as a set.</summary>
internal sealed class PositionCode(int position) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval) => eval.PositionValue(Position);
}
