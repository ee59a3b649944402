using Firn.Evaluation.Memory;
using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Forcing;

/// <summary>Code whose runs are counted; made only when statistics are wanted.</summary>
internal sealed unsafe class CountedCode(Code inner, Expression expression, EvaluationCounters counters) : Code(inner.Position)
{
    public Code Inner => inner;

    public override Value Eval(Env environment, Evaluator eval)
    {
        counters.Evaluating(expression);
        var value = inner.Eval(environment, eval);
        counters.Evaluated(expression, value);
        return value;
    }

    public override void Delay(Env environment, Evaluator eval, Slot* target)
    {
        inner.Delay(environment, eval, target);
        if (target->Kind == Kind.Pending && ObjectIds.Get<Code>((uint)target->Bits >> 5) == inner)
        {
            counters.Thunks++;
            Defer(environment, target);
        }
        else
        {
            counters.AvoidedThunks++;
        }
    }
}
