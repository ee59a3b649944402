using Firn.Evaluation.Forcing;

namespace Firn.Evaluation.Values;

/// <summary>A function written in the language, with the environment it was made in.</summary>
public sealed class Closure : Value
{
    internal Closure(LambdaCode code, Slot[] environment) => (Code, Environment) = (code, environment);

    public override string TypeName => "lambda";

    public override string Description => "a function";

    internal LambdaCode Code { get; }

    internal Slot[] Environment { get; }
}

/// <summary>A function that is part of the language.</summary>
public sealed class Builtin : Value
{
    private readonly int _strict;

    internal Builtin(string name, int arity, int strict, BuiltinBody body) =>
        (Name, Arity, _strict, Body) = (name, arity, strict, body);

    /// <summary>What messages call it, without <c>__</c>.</summary>
    public string Name { get; }

    public int Arity { get; }

    public override string TypeName => "lambda";

    public override string Description => "a built-in function";

    internal BuiltinBody Body { get; }

    /// <summary>Tells whether the body forces argument <paramref name="index"/> first of all, so that it needs no thunk.</summary>
    internal bool IsStrict(int index) => (_strict & (1 << index)) != 0;
}

/// <summary>Runs a builtin; parameters that its arity does not have are null.</summary>
internal delegate Value BuiltinBody(Evaluator eval, Value first, Value second, Value third);

/// <summary>A function that has got some of its arguments.</summary>
public sealed class PartialApplication : Value
{
    internal PartialApplication(Value function, Slot[] arguments) => (Function, Arguments) = (function, arguments);

    public override string TypeName => "lambda";

    public override string Description => Function is Builtin ? "a partially applied built-in function" : "a function";

    /// <summary>A <see cref="Closure"/> or <see cref="Builtin"/>.</summary>
    internal Value Function { get; }

    internal Slot[] Arguments { get; }
}
