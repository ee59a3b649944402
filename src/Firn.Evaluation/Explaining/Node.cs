using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>An expression and, as far as it is known, the environment that it ran in.</summary>
/// <param name="Tree">The source it stands in.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Environment">The nearest environment around it that is known, or null.</param>
/// <param name="Missing">How many environments further in the expression ran.</param>
internal sealed record Node(SourceTree Tree, Expression Expression, Env? Environment, int Missing)
{
    /// <summary>Returns the environment so many steps out, as it would be seen from there.</summary>
    public (Env? Environment, int Missing) Out(int depth)
    {
        if (Environment is null || depth < Missing)
        {
            return (Environment, Math.Max(0, Missing - depth));
        }

        Env? environment = Environment;
        for (var i = depth - Missing; i > 0 && environment is { } inner; i--)
        {
            environment = inner.Outer is { Length: > 0 } outer ? outer : null;
        }

        return (environment, 0);
    }

    /// <summary>Returns what is in a place of an environment, computed or not; null when that is not known.</summary>
    public Value? Look(int depth, int index)
    {
        var (environment, missing) = Out(depth);
        return environment is { } known && missing == 0 && index < known.Length && !known[index].IsEmpty ? known[index].Value : null;
    }

    /// <summary>The node of an expression further in.</summary>
    public Node? Inner(Expression expression) => Tree.FramesBetween(Expression, expression) is { } frames
        ? this with { Expression = expression, Missing = Missing + frames }
        : null;

    public static Node WithoutEnvironment(SourceTree tree, Expression expression) => new(tree, expression, null, 0);
}
