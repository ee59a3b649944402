using Firn.Evaluation.Builtins;
using Firn.Evaluation.Explaining;
using Firn.Evaluation.Values;
using Firn.Syntax.Parsing;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Evaluation.Values.AttributeSet;

namespace Firn.Evaluation.Prompting;

/// <summary>Finds what is documented about a value: a builtin's description, the comment in front of a function or an attribute.</summary>
public static class Documentation
{
    private const int MaxFunctors = 100;

    /// <summary>Returns the documentation of a value as Markdown, or null when values of its kind have none.</summary>
    public static string? Of(Evaluator eval, Value value)
    {
        for (var i = 0; i < MaxFunctors; i++)
        {
            switch (value)
            {
                case { AsBuiltin: { } builtin }:
                    return OfBuiltin(builtin.Name);
                case { AsClosure: { } closure }:
                    return OfFunction(eval, closure.Code.Position, 0);
                case { AsPartial: { Function.AsClosure: { } closure, Arguments.Length: var given } }:
                    return OfFunction(eval, closure.Code.Position, given);
                case { AsSet: { } set } when set.Find(eval.Names.Functor) is { } functor:
                    // What it does as a function is said where that function is, not where the set is made.
                    using (eval.Describing(() => "while partially calling '__functor' to retrieve documentation"))
                    {
                        value = eval.Call(functor, set);
                    }

                    break;
                default:
                    return null;
            }
        }

        throw eval.TooDeep();
    }

    /// <summary>Returns what is documented about an attribute where it is written; null when that is not known.</summary>
    public static string? OfAttribute(Evaluator eval, AttributeSet set, string name)
    {
        var position = set.FindPosition(eval.Symbols.Intern(name));
        return eval.Sources.Find(position) is { } source
            ? $"Attribute `{name}`\n\n  … defined at {eval.DescribePosition(position)}\n\n{DocComments.Before(source, position) ?? "No documentation found.\n\n"}"
            : null;
    }

    private static string? OfBuiltin(string name)
    {
        if (BuiltinDocumentation.Find(name) is not var (parameters, text))
        {
            return null;
        }

        var synopsis = string.Concat(parameters.Select(p => $" *{p}*"));
        return $"**Synopsis:** `builtins.{name}`{synopsis}\n\n{text}";
    }

    private static string? OfFunction(Evaluator eval, int position, int argumentsGiven)
    {
        if (eval.Sources.Find(position) is not { } source
            || SourceTree.Parse(eval, source)?.Expressions.OfType<Lambda>().FirstOrDefault(l => l.Start == position) is not { } lambda)
        {
            return null;
        }

        for (; argumentsGiven > 0 && lambda.Body is Lambda next; argumentsGiven--)
        {
            lambda = next;
        }

        var text = lambda.DocComment is var (start, end) && end - start > 5 ? "\n\n" + DocComments.Text(source, start, end) : "";
        return $"Function {(lambda.Name is { } name ? $"`{name}`\\\n  … " : "")}defined at {eval.DescribePosition(lambda.Start)}{text}";
    }
}
