using Firn.Evaluation.Values;

namespace Firn.Evaluation.Forcing;

/// <summary><c>if condition then … else …</c></summary>
internal sealed class ConditionalCode(int position, Code condition, Code then, Code @else) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) =>
        (eval.IsTrue(condition, environment, "while evaluating a branch condition") ? then : @else).Eval(environment, eval);
}

/// <summary><c>assert condition; body</c></summary>
/// <param name="position">Where it starts.</param>
/// <param name="condition">What must be true.</param>
/// <param name="conditionText">The condition as messages show it.</param>
/// <param name="body">The value.</param>
internal sealed class AssertCode(int position, Code condition, Func<string> conditionText, Code body) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        if (!eval.IsTrue(condition, environment, "in the condition of the assert statement"))
        {
            throw eval.AssertionFailed(Position, conditionText());
        }

        return body.Eval(environment, eval);
    }
}

/// <summary><c>!operand</c></summary>
internal sealed class NotCode(int position, Code operand) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) =>
        NixBool.Of(!eval.IsTrue(operand, environment, "in the argument of the not operator"));
}

/// <summary><c>&amp;&amp;</c></summary>
internal sealed class AndCode(int position, Code left, Code right) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) => NixBool.Of(
        eval.IsTrue(left, environment, "in the left operand of the AND (&&) operator")
        && eval.IsTrue(right, environment, "in the right operand of the AND (&&) operator"));
}

/// <summary><c>||</c></summary>
internal sealed class OrCode(int position, Code left, Code right) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) => NixBool.Of(
        eval.IsTrue(left, environment, "in the left operand of the OR (||) operator")
        || eval.IsTrue(right, environment, "in the right operand of the OR (||) operator"));
}

/// <summary><c>-></c></summary>
internal sealed class ImpliesCode(int position, Code left, Code right) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) => NixBool.Of(
        !eval.IsTrue(left, environment, "in the left operand of the IMPL (->) operator")
        || eval.IsTrue(right, environment, "in the right operand of the IMPL (->) operator"));
}

/// <summary><c>==</c> and <c>!=</c></summary>
internal sealed class EqualCode(int position, Code left, Code right, bool wanted) : Code(position)
{
    public Code Left { get; } = left;

    public Code Right { get; } = right;

    public bool IsEquality => wanted;

    public override Value Eval(Env environment, Evaluator eval) => NixBool.Of(
        eval.AreEqual(Left.Eval(environment, eval), Right.Eval(environment, eval), Position) == wanted);
}

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c></summary>
/// <param name="position">Where the operator stands.</param>
/// <param name="left">The operand that must be less, or (negated) not less.</param>
/// <param name="right">The other.</param>
/// <param name="isNegated">Whether the answer is turned round.</param>
internal sealed class LessCode(int position, Code left, Code right, bool isNegated) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) => NixBool.Of(
        eval.IsLess(left.Eval(environment, eval), right.Eval(environment, eval), Position) != isNegated);
}

/// <summary><c>-</c>, <c>*</c>, <c>/</c></summary>
internal sealed class ArithmeticCode(int position, Arithmetic operation, Code left, Code right) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval) =>
        eval.Calculate(operation, left.Eval(environment, eval), right.Eval(environment, eval), Position);
}

/// <summary><c>//</c></summary>
internal sealed class UpdateCode(int position, Code left, Code right) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        if (left.Eval(environment, eval) is var below && below.AsSet is not { } first)
        {
            throw eval.WrongType(left.Position, "a set", below, "in the left operand of the update (//) operator");
        }

        if (right.Eval(environment, eval) is var over && over.AsSet is not { } second)
        {
            throw eval.WrongType(right.Position, "a set", over, "in the right operand of the update (//) operator");
        }

        return first.Update(second, eval.Shapes);
    }
}

/// <summary><c>++</c></summary>
internal sealed class ConcatenateCode(int position, Code left, Code right) : Code(position)
{
    public override Value Eval(Env environment, Evaluator eval)
    {
        var first = eval.ForceList(left.Eval(environment, eval), left.Position, "while evaluating one of the elements to concatenate");
        var second = eval.ForceList(right.Eval(environment, eval), right.Position, "while evaluating one of the elements to concatenate");
        return first.Count == 0 ? second
            : second.Count == 0 ? first
            : NixLists.Concat(first, second);
    }
}

/// <summary>A string or path with interpolations, or a sum with <c>+</c>.</summary>
internal sealed class InterpolationCode(int position, Code[] parts, bool isString) : Code(position)
{
    private const int MaxOnStack = 8;

    public override Value Eval(Env environment, Evaluator eval)
    {
        var first = parts[0].Eval(environment, eval);
        if (!isString)
        {
            switch (first)
            {
                case { IsNumber: true }:
                    return Sum(first, environment, eval);
                case { AsPath: { } path }:
                    return PathWith(path, environment, eval);
                case { AsString: { } text } when parts.Length == 2:
                    return NixString.Concat(text, eval.CoerceToString(
                        parts[1].Eval(environment, eval), parts[1].Position, "while evaluating a path segment", Coercion.CopyToStore));
            }
        }

        var mode = isString || first.IsString ? Coercion.CopyToStore : Coercion.None;
        var strings = parts.Length <= MaxOnStack ? stackalloc NixString[parts.Length] : new NixString[parts.Length];
        var offered = parts.Length > 2 && eval.HasIdleHelp ? Offer(environment, eval) : null;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = i == 0 ? first : offered is null ? parts[i].Eval(environment, eval) : eval.Force(offered[i]);
            strings[i] = part.AsString ?? eval.CoerceToString(part, parts[i].Position, "while evaluating a path segment", mode);
        }

        return eval.Join(strings);
    }

    // All parts are needed: those behind the first can be computed at the same time.
    private Value[] Offer(Env environment, Evaluator eval)
    {
        var delayed = new Value[parts.Length];
        for (var i = 1; i < parts.Length; i++)
        {
            delayed[i] = parts[i].Delay(environment, eval);
        }

        for (var i = 2; i < parts.Length; i++)
        {
            eval.OfferForString(delayed[i]);
        }

        return delayed;
    }

    private Value Sum(Value sum, Env environment, Evaluator eval)
    {
        for (var i = 1; i < parts.Length; i++)
        {
            var next = parts[i].Eval(environment, eval);
            if (next is not ({ IsNumber: true }))
            {
                throw eval.WrongOperand(parts[i].Position, sum, next);
            }

            sum = eval.Calculate(Arithmetic.Add, sum, next, Position);
        }

        return sum;
    }

    private Value PathWith(string path, Env environment, Evaluator eval)
    {
        var text = new System.Text.StringBuilder(path);
        for (var i = 1; i < parts.Length; i++)
        {
            var part = eval.CoerceToString(
                parts[i].Eval(environment, eval), parts[i].Position, "while evaluating a path segment", Coercion.None);
            if (part.Context is not null)
            {
                throw eval.Error(
                    EvaluationErrors.ContextInPath, parts[i].Position, "a string that refers to a store path cannot be appended to a path",
                    "Write \"${path}/…\" as a string instead, or take the store path itself as the start.");
            }

            text.Append(part);
        }

        return NixPath.Of(Host.PathText.Canonical(text.ToString()));
    }
}

/// <summary>What can be done with two numbers.</summary>
internal enum Arithmetic
{
    Add,
    Subtract,
    Multiply,
    Divide,
}
