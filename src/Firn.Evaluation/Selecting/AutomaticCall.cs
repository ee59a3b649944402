using Firn.Evaluation.Builtins;
using Firn.Evaluation.Values;
using Firn.Model.Text;

namespace Firn.Evaluation.Selecting;

/// <summary>Calls functions that take a set with the arguments of the command line: files are often functions.</summary>
public static class AutomaticCall
{
    /// <summary>Returns the names of the arguments that a function of a set asks for; none for other values.</summary>
    public static IReadOnlyCollection<string> ParameterNames(Evaluator eval, Value value) =>
        Types.PatternOf(eval.Force(value)) is { } pattern ? [.. pattern.Items.Select(i => i.Name.ToString())] : [];

    /// <summary>Whether a value is a function that is written in the language.</summary>
    public static bool IsFunction(Value value) => value.AsClosure is not null;

    /// <summary>Returns the name of the first argument of a function that takes it as it is; null for other values.</summary>
    public static string? ParameterName(Value value) => value.AsClosure is { Code: { } code } && (code.Arity > 1 || code.Pattern is null)
        ? code.Parameters[0]?.ToString()
        : null;

    /// <summary>Returns the forced value, or what it returns when it is a function of a set.</summary>
    /// <exception cref="EvaluationException">The function needs an argument that was not given.</exception>
    public static Value Apply(Evaluator eval, AttributeSet arguments, Value value)
    {
        var function = eval.Force(value);
        if (function.AsSet is { } set && set.Find(eval.Names.Functor) is { } functor)
        {
            return Apply(eval, arguments, eval.Call(functor, set));
        }

        if (Types.PatternOf(function) is not { } pattern)
        {
            return function;
        }

        if (pattern.HasEllipsis)
        {
            return eval.Call(function, arguments);
        }

        var passed = new AttributeSetBuilder(pattern.Items.Length);
        foreach (var item in pattern.Items)
        {
            if (arguments.FindEntry(item.Name.Id) is var (argument, position))
            {
                passed.Add(item.Name, argument, position);
            }
            else if (item.Default is null)
            {
                var unused = arguments.ByName(eval.Symbols).Select(a => a.Name.ToString()).Where(n => pattern.Items.All(i => i.Name.ToString() != n));
                throw eval.Error(
                    EvaluationErrors.MissingArgument, item.Position,
                    $"cannot evaluate a function that has an argument without a value ('{item.Name}')",
                    Suggestions.Nearest(item.Name.ToString(), unused) is [var near, ..] ? $"A value for '{near}' was given, which is no argument of it: did you mean {item.Name}?" : "",
                    $"Pass it with --arg {item.Name} EXPRESSION or --argstr {item.Name} TEXT, or give it a default.");
            }
        }

        return eval.Call(function, passed.Build());
    }
}
