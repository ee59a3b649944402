using Firn.Evaluation.Forcing;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;

namespace Firn.Evaluation;

/// <summary>Telling of calls: for profiles and traces.</summary>
public sealed partial class Evaluator
{
    /// <summary>Who is told of calls; to be set before anything is evaluated.</summary>
    public ICallObserver? CallObserver { get; set; }

    /// <summary>Counts what is done, or null; to be set before anything is evaluated, after <see cref="CallObserver"/>.</summary>
    public EvaluationCounters? Counters
    {
        get;
        set
        {
            field = value;
            CallObserver ??= value is null ? null : new NoCallObserver();
        }
    }

    internal Value ApplyObserved(in ObservedCall told, Value function, Value[] arguments, Code? call)
    {
        CallObserver!.Enter(told);
        try
        {
            // A set that can be called is one call, its function another inside it.
            if (function.AsSet?.FindEntry(Names.Functor.Id) is var (functor, position))
            {
                var inner = Force(functor);
                return ApplyObserved(
                    new ObservedCall(this, inner, function, position, isOfFunctor: true), inner, [function, .. arguments], call);
            }

            return Counters is { } counters ? ApplyCounted(function, arguments, call, counters) : Apply(function, arguments, call);
        }
        finally
        {
            CallObserver.Exit();
        }
    }

    // What a function returns may take the arguments that it does not take itself: that is a call of its own.
    private Value ApplyCounted(Value function, Value[] arguments, Code? call, EvaluationCounters counters)
    {
        while (true)
        {
            var inner = function.AsPartial is { } partial ? partial.Function : function;
            var takes = (inner.AsClosure?.Code.Arity ?? inner.AsBuiltin?.Arity ?? arguments.Length) - (function.AsPartial?.Arguments.Length ?? 0);
            var now = takes > 0 && takes < arguments.Length ? arguments[..takes] : arguments;
            counters.Calling(function, now.Length);
            var result = Apply(function, now, call);
            counters.Called(function, result);
            if (now.Length == arguments.Length)
            {
                return result;
            }

            (function, arguments) = (Force(result), arguments[takes..]);
        }
    }
}

/// <summary>Calls are counted, and nobody is told of them.</summary>
internal sealed class NoCallObserver : ICallObserver
{
    public void Enter(in ObservedCall call)
    {
    }

    public void Exit()
    {
    }
}
