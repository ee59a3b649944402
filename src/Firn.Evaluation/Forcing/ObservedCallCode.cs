using Firn.Evaluation.Host;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Forcing;

/// <summary>A call that somebody is told of.</summary>
internal sealed class ObservedCallCode(int position, Code function, Code[] arguments) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var callee = function.Eval(environment, eval);
        var values = new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Delay(environment, eval);
        }

        return eval.ApplyObserved(new ObservedCall(eval, callee, values[0], Position), callee, values, this);
    }
}
