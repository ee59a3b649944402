using Firn.Evaluation.Values;

namespace Firn.Evaluation.Forcing;

/// <summary>A call with one argument.</summary>
internal sealed unsafe class Call1Code(int position, Code function, Code argument) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var callee = function.Eval(environment, eval);
        if (callee.Kind == Kind.Closure && callee.ClosureCode is { Arity: 1 } code)
        {
            eval.EnterCall(this);
            var frame = code.NewFrame(callee, eval);
            argument.Delay(environment, eval, frame.At(1));
            var value = code.Run(frame, eval);
            eval.LeaveCall();
            return value;
        }

        if (callee.AsBuiltin is { Arity: 1 } builtin)
        {
            eval.EnterCall(this);
            var value = builtin.Body(
                eval, builtin.IsStrict(0) ? argument.Eval(environment, eval) : argument.Delay(environment, eval), default, default);
            eval.LeaveCall();
            return value;
        }

        return eval.Apply(callee, [argument.Delay(environment, eval)], this);
    }
}

/// <summary>A call with two arguments.</summary>
internal sealed unsafe class Call2Code(int position, Code function, Code first, Code second) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var callee = function.Eval(environment, eval);
        if (callee.Kind == Kind.Closure && callee.ClosureCode is { Arity: 2 } code)
        {
            eval.EnterCall(this);
            var frame = code.NewFrame(callee, eval);
            first.Delay(environment, eval, frame.At(1));
            second.Delay(environment, eval, frame.At(2));
            var value = code.Run(frame, eval);
            eval.LeaveCall();
            return value;
        }

        if (callee.AsBuiltin is { Arity: 2 } builtin)
        {
            eval.EnterCall(this);
            var value = builtin.Body(
                eval,
                builtin.IsStrict(0) ? first.Eval(environment, eval) : first.Delay(environment, eval),
                builtin.IsStrict(1) ? second.Eval(environment, eval) : second.Delay(environment, eval), default);
            eval.LeaveCall();
            return value;
        }

        return eval.Apply(callee, [first.Delay(environment, eval), second.Delay(environment, eval)], this);
    }
}

/// <summary>A call with any number of arguments.</summary>
internal sealed unsafe class CallCode(int position, Code function, Code[] arguments) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var callee = function.Eval(environment, eval);
        if (arguments.Length == 3 && callee.AsBuiltin is { Arity: 3 } builtin)
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

        if (callee.Kind == Kind.Closure && callee.ClosureCode is var code && code.Arity == arguments.Length)
        {
            eval.EnterCall(this);
            var frame = code.NewFrame(callee, eval);
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i].Delay(environment, eval, frame.At(i + 1));
            }

            var value = code.Run(frame, eval);
            eval.LeaveCall();
            return value;
        }

        var values = arguments.Length <= 8 ? stackalloc Value[arguments.Length] : new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Delay(environment, eval);
        }

        return eval.Apply(callee, values, this);
    }
}
