using Firn.Evaluation.Forcing;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;

namespace Firn.Evaluation;

/// <summary>Applying functions: closures, builtins, what has got some of its arguments, sets that can be called.</summary>
public sealed unsafe partial class Evaluator
{
    /// <summary>Applies a function to one argument.</summary>
    public Value Call(Value function, Value argument)
    {
        function = Force(function);
        if (CallObserver is not null)
        {
            return ApplyObserved(new ObservedCall(this, function, argument, 0), function, [argument], null);
        }

        if (function.Kind == Kind.Closure && function.ClosureCode is { Arity: 1 } code)
        {
            EnterCall(code);
            var frame = code.NewFrame(function, this);
            frame[1].Value = argument;
            var value = code.Run(frame, this);
            LeaveCall();
            return value;
        }

        return Apply(function, [argument], null);
    }

    /// <summary>Applies a function to two arguments.</summary>
    public Value Call(Value function, Value first, Value second)
    {
        function = Force(function);
        if (CallObserver is not null)
        {
            return ApplyObserved(new ObservedCall(this, function, first, 0), function, [first, second], null);
        }

        if (function.Kind == Kind.Closure && function.ClosureCode is { Arity: 2 } code)
        {
            EnterCall(code);
            var frame = code.NewFrame(function, this);
            frame[1].Value = first;
            frame[2].Value = second;
            var value = code.Run(frame, this);
            LeaveCall();
            return value;
        }

        return Apply(function, [first, second], null);
    }

    /// <summary>Applies a function to arguments, as many at a time as it takes.</summary>
    internal Value Apply(Value function, ReadOnlySpan<Value> rest, Code? call)
    {
        EnterCall(call);
        var functors = 0;
        while (true)
        {
            if (function.Kind == Kind.Closure && function.ClosureCode is var code && rest.Length >= code.Arity)
            {
                function = code.Invoke(function, rest[..code.Arity], this);
                rest = rest[code.Arity..];
            }
            else if (function.AsBuiltin is { } builtin && rest.Length >= builtin.Arity)
            {
                function = builtin.Body(this, rest[0], builtin.Arity > 1 ? rest[1] : default, builtin.Arity > 2 ? rest[2] : default);
                rest = rest[builtin.Arity..];
            }
            else if (function.Kind is Kind.Closure or Kind.Builtin)
            {
                function = PartialApplication.Of(function, rest);
                rest = [];
            }
            else if (function.AsPartial is { } partial)
            {
                var given = partial.Arguments;
                if (partial.Function is { Kind: Kind.Closure } whole && whole.ClosureCode is var waiting && given.Length + rest.Length >= waiting.Arity)
                {
                    var missing = waiting.Arity - given.Length;
                    function = waiting.Invoke(whole, given, rest[..missing], this);
                    rest = rest[missing..];
                }
                else
                {
                    rest = (Value[])[.. given.ToArray(), .. rest];
                    function = partial.Function;
                    continue;
                }
            }
            else if (function.AsSet is { } set && set.Find(Names.Functor) is { } functor)
            {
                // A set whose functor gives the set itself goes on for ever without nesting deeper.
                if (_callDepth + ++functors >= _maxCallDepth)
                {
                    ReachCallLimit();
                }

                rest = (Value[])[function, .. rest];
                function = Force(functor);
                continue;
            }
            else
            {
                throw NotAFunction(function, call);
            }

            if (rest.IsEmpty)
            {
                LeaveCall();
                return function;
            }
        }
    }
}
