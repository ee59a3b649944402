using Firn.Evaluation.Prompting;
using Firn.Model.Diagnostics;
using Firn.Syntax.Trees;

namespace Firn.Cli.Repl;

/// <summary>Finds what <c>:doc</c> shows for an expression: the value's documentation, else that of the attribute it is taken from.</summary>
internal static class ReplDocumentation
{
    /// <exception cref="FirnException">There is none, or the expression fails.</exception>
    public static string Find(PromptScope scope, Expression expression)
    {
        var eval = scope.Evaluator;
        string? ofAttribute = null;
        if (expression is Select { Path: [.., { Name: { } name }] path } select)
        {
            var target = path.Length == 1
                ? select.Target
                : new Select(select.Start, path[^2].End, select.Target, path[..^1], null);
            if (PromptValues.FindSet(scope.Evaluate(target)) is { } set)
            {
                ofAttribute = Documentation.OfAttribute(eval, set, name.ToString());
            }
        }

        var value = scope.Evaluate(expression);
        return scope.Attempt(() => Documentation.Of(eval, value)) ?? ofAttribute ?? throw new UsageException("value does not have documentation");
    }
}
