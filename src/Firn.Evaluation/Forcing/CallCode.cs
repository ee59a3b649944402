using Firn.Evaluation.Values;

namespace Firn.Evaluation.Forcing;

/// <summary>A call with one argument.</summary>
internal sealed class Call1Code(int position, Code function, Code argument) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        var callee = function.Eval(environment, eval);
        if (callee is Closure { Code.Arity: 1 } closure)
        {
            eval.EnterCall(this);
            var value = closure.Code.Invoke(closure.Environment, argument.Delay(environment, eval), eval);
            eval.LeaveCall();
            return value;
        }

        if (callee is Builtin { Arity: 1 } builtin)
        {
            eval.EnterCall(this);
            var value = builtin.Body(
                eval, builtin.IsStrict(0) ? argument.Eval(environment, eval) : argument.Delay(environment, eval), null!, null!);
            eval.LeaveCall();
            return value;
        }

        return eval.Apply(callee, [new Slot(argument.Delay(environment, eval))], this);
    }
}

/// <summary>A call with two arguments.</summary>
internal sealed class Call2Code(int position, Code function, Code first, Code second) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        var callee = function.Eval(environment, eval);
        if (callee is Closure { Code.Arity: 2 } closure)
        {
            eval.EnterCall(this);
            var value = closure.Code.Invoke(
                closure.Environment, first.Delay(environment, eval), second.Delay(environment, eval), eval);
            eval.LeaveCall();
            return value;
        }

        if (callee is Builtin { Arity: 2 } builtin)
        {
            eval.EnterCall(this);
            var value = builtin.Body(
                eval,
                builtin.IsStrict(0) ? first.Eval(environment, eval) : first.Delay(environment, eval),
                builtin.IsStrict(1) ? second.Eval(environment, eval) : second.Delay(environment, eval), null!);
            eval.LeaveCall();
            return value;
        }

        return eval.Apply(
            callee, [new Slot(first.Delay(environment, eval)), new Slot(second.Delay(environment, eval))], this);
    }
}

/// <summary>A call with any number of arguments.</summary>
internal sealed class CallCode(int position, Code function, Code[] arguments) : Code(position)
{
    public override Value Eval(Slot[] environment, Evaluator eval)
    {
        var callee = function.Eval(environment, eval);
        if (arguments.Length == 3 && callee is Builtin { Arity: 3 } builtin)
        {
            eval.EnterCall(this);
            var value = builtin.Body(
                eval,
                builtin.IsStrict(0) ? arguments[0].Eval(environment, eval) : arguments[0].Delay(environment, eval),
                builtin.IsStrict(1) ? arguments[1].Eval(environment, eval) : arguments[1].Delay(environment, eval),
                builtin.IsStrict(2) ? arguments[2].Eval(environment, eval) : arguments[2].Delay(environment, eval));
            eval.LeaveCall();
            return value;
        }

        if (callee is Closure { Code: var code } closure && code.Arity == arguments.Length)
        {
            eval.EnterCall(this);
            var frame = code.NewFrame(closure.Environment);
            for (var i = 0; i < arguments.Length; i++)
            {
                frame[i + 1].Value = arguments[i].Delay(environment, eval);
            }

            var value = code.Run(frame, eval);
            eval.LeaveCall();
            return value;
        }

        var slots = new Slot[arguments.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i].Value = arguments[i].Delay(environment, eval);
        }

        return eval.Apply(callee, slots, this);
    }
}
