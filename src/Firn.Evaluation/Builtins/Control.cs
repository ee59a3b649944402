using Firn.Evaluation.Host;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins that force, fail, and talk to the user.</summary>
internal static class Control
{
    /// <summary>Ends the evaluation with a message, beyond what <c>tryEval</c> answers.</summary>
    [Builtin("abort", Global = true)]
    public static Value Abort(Evaluator eval, Value message) => throw eval.Error(
        EvaluationErrors.Abort, 0,
        $"evaluation aborted with the following error message: '{eval.CoerceToString(message, 0, "while evaluating the error message passed to builtins.abort", Coercion.CopyToStore)}'");

    /// <summary>Fails with a message.</summary>
    [Builtin("throw", Global = true)]
    public static Value Throw(Evaluator eval, Value message) => throw eval.Thrown(
        EvaluationErrors.Thrown, 0,
        eval.CoerceToString(message, 0, "while evaluating the error message passed to builtin.throw", Coercion.CopyToStore).ToString());

    /// <summary>Forces the first argument, then returns the second.</summary>
    [Builtin("seq")]
    public static Value Seq(Evaluator eval, Value first, Lazy second)
    {
        _ = first;
        return eval.Force(second.Value);
    }

    /// <summary>Forces the first argument and all in it, then returns the second.</summary>
    [Builtin("deepSeq")]
    public static Value DeepSeq(Evaluator eval, Value first, Lazy second)
    {
        eval.ForceDeep(first);
        return eval.Force(second.Value);
    }

    /// <summary>Forces a value; <c>throw</c> and <c>assert</c> in it make <c>success</c> false instead of an error.</summary>
    [Builtin("tryEval")]
    public static Value TryEval(Evaluator eval, Lazy value)
    {
        var depth = eval.Depth;
        var result = new AttributeSetBuilder(2);
        try
        {
            result.Add(eval.Names.Value, eval.Force(value.Value));
            result.Add(eval.Names.Success, NixBool.True);
        }
        catch (EvaluationException failure) when (failure.IsCatchable && eval.ShowsCaught(failure))
        {
            eval.Unwind(depth);
            result = new AttributeSetBuilder(2);
            result.Add(eval.Names.Value, NixBool.False);
            result.Add(eval.Names.Success, NixBool.False);
        }

        return result.Build(eval.Shapes);
    }

    /// <summary>Shows the first argument on standard error, then returns the second.</summary>
    [Builtin("trace")]
    public static Value Trace(Evaluator eval, Value message, Lazy value)
    {
        Tell(eval, MessageKind.Trace, message);
        if (eval.Settings.DebuggerOnTrace)
        {
            eval.StopAt("");
        }

        return eval.Force(value.Value);
    }

    /// <summary>Like <c>trace</c>, when the setting <c>trace-verbose</c> is on.</summary>
    [Builtin("traceVerbose")]
    public static Value TraceVerbose(Evaluator eval, Lazy message, Lazy value)
    {
        if (eval.Settings.TraceVerbose)
        {
            Tell(eval, MessageKind.Trace, eval.Force(message.Value));
        }

        return eval.Force(value.Value);
    }

    /// <summary>Shows a warning, then returns the second argument.</summary>
    [Builtin("warn")]
    public static Value Warn(Evaluator eval, NixString message, Lazy value)
    {
        Tell(eval, MessageKind.WarningOfExpression, message);
        if (!eval.Settings.AbortOnWarn && (eval.Settings.DebuggerOnTrace || eval.Settings.DebuggerOnWarn))
        {
            eval.StopAt("");
        }

        return eval.Settings.AbortOnWarn
            ? throw eval.Error(EvaluationErrors.Abort, 0, $"aborting to reveal stack trace of warning, as abort-on-warn is set: {message}")
            : eval.Force(value.Value);
    }

    /// <summary>Returns its second argument; the first is shown when forcing it fails.</summary>
    [Builtin("addErrorContext")]
    public static Value AddErrorContext(Evaluator eval, Lazy context, Lazy value) => eval.ForceWithContext(context.Value, value.Value);

    /// <summary>Stops here when a debugger is attached.</summary>
    [Builtin("break", Global = true)]
    public static Value Break(Evaluator eval, Lazy value)
    {
        eval.StopAt("breakpoint reached");
        return eval.Force(value.Value);
    }

    private static void Tell(Evaluator eval, MessageKind kind, Value message) =>
        eval.Host.Tell(kind, message.AsString is { } text ? text.ToString() : Printing.ValuePrinter.Print(message, eval));
}
