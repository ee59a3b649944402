using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>An expression and, as far as it is known, the environment that it ran in.</summary>
/// <param name="Tree">The source it stands in.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Environment">The nearest environment around it that is known, or null.</param>
/// <param name="Missing">How many environments further in the expression ran.</param>
internal sealed record Node(SourceTree Tree, Expression Expression, Slot[]? Environment, int Missing)
{
    /// <summary>Returns the environment so many steps out, as it would be seen from there.</summary>
    public (Slot[]? Environment, int Missing) Out(int depth)
    {
        if (Environment is null || depth < Missing)
        {
            return (Environment, Math.Max(0, Missing - depth));
        }

        var environment = Environment;
        for (var i = depth - Missing; i > 0 && environment is not null; i--)
        {
            environment = environment.Length > 0 ? environment[0].Item as Slot[] : null;
        }

        return (environment, 0);
    }

    /// <summary>Returns what is in a place of an environment, computed or not; null when that is not known.</summary>
    public Value? Look(int depth, int index)
    {
        var (environment, missing) = Out(depth);
        return environment is not null && missing == 0 && index < environment.Length ? environment[index].Item as Value : null;
    }

    /// <summary>The node of an expression further in.</summary>
    public Node? Inner(Expression expression) => Tree.FramesBetween(Expression, expression) is { } frames
        ? this with { Expression = expression, Missing = Missing + frames }
        : null;

    public static Node WithoutEnvironment(SourceTree tree, Expression expression) => new(tree, expression, null, 0);
}
