using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins over numbers.</summary>
internal static class Numbers
{
    [Builtin("add")]
    public static Value Add(Evaluator eval, Value a, Value b) => eval.Calculate(Arithmetic.Add, a, b, 0);

    [Builtin("sub")]
    public static Value Sub(Evaluator eval, Value a, Value b) => eval.Calculate(Arithmetic.Subtract, a, b, 0);

    [Builtin("mul")]
    public static Value Mul(Evaluator eval, Value a, Value b) => eval.Calculate(Arithmetic.Multiply, a, b, 0);

    [Builtin("div")]
    public static Value Div(Evaluator eval, Value a, Value b) => eval.Calculate(Arithmetic.Divide, a, b, 0);

    [Builtin("lessThan")]
    public static bool LessThan(Evaluator eval, Value a, Value b) => eval.IsLess(a, b, 0);

    [Builtin("bitAnd")]
    public static long BitAnd(long a, long b) => a & b;

    [Builtin("bitOr")]
    public static long BitOr(long a, long b) => a | b;

    [Builtin("bitXor")]
    public static long BitXor(long a, long b) => a ^ b;

    /// <summary>Rounds up to an integer.</summary>
    [Builtin("ceil")]
    public static Value Ceil(Evaluator eval, Value number) => Round(eval, number, "ceil", Math.Ceiling);

    /// <summary>Rounds down to an integer.</summary>
    [Builtin("floor")]
    public static Value Floor(Evaluator eval, Value number) => Round(eval, number, "floor", Math.Floor);

    private static Value Round(Evaluator eval, Value number, string name, Func<double, double> round)
    {
        if (number.IsInt)
        {
            return number;
        }

        if (number.AsFloat is not { } value)
        {
            throw eval.WrongType(0, "a float", number, $"while evaluating the first argument passed to builtins.{name}");
        }

        var rounded = round(value);

        // 2^63 is the first double that an integer cannot hold.
        return rounded is >= long.MinValue and < 9223372036854775808.0
            ? NixInt.Of((long)rounded)
            : throw eval.Error(
                EvaluationErrors.IntegerOverflow, 0,
                $"NixFloat argument {Model.Text.FloatText.Shown(value)} is not in the range of NixInt");
    }
}
