using Firn.Evaluation.Forcing;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;

namespace Firn.Evaluation;

/// <summary>Telling of calls: for profiles and traces.</summary>
public sealed partial class Evaluator
{
    /// <summary>Who is told of calls; to be set before anything is evaluated.</summary>
    public ICallObserver? CallObserver { get; set; }

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

            return Apply(function, arguments, call);
        }
        finally
        {
            CallObserver.Exit();
        }
    }
}
