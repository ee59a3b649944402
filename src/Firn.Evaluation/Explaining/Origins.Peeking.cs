using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Evaluation.Values.AttributeSet;

namespace Firn.Evaluation.Explaining;

/// <summary>What is known of an expression's value without computing anything.</summary>
internal sealed partial class Origins
{
    /// <summary>Returns what an expression's value is, if that was computed already; a thunk if it was not.</summary>
    public Value? Peek(Node node)
    {
        var value = node.Expression switch
        {
            IntegerLiteral literal => NixInt.Of(literal.Value),
            StringLiteral literal => new NixString(literal.Value),
            Identifier variable => node.Tree.CodeOf(variable) switch
            {
                LocalCode local => node.Look(local.Depth, local.Index) ?? (Define(node)?.Value is { } bound && bound.Expression is not Identifier ? Peek(bound) : null),
                ConstantCode constant => constant.Value,
                WithVariableCode with => with.Scopes.Select(depth => node.Look(depth, 1)).Select(v => Forced(v).AsSet).OfType<AttributeSet>()
                    .Select(set => set.Find(variable.Name)).FirstOrDefault(v => v is not null),
                _ => null,
            },
            Select { Fallback: null } select => PeekSelection(node, select, select.Path.Length),
            _ => null,
        };
        return Forced(value);
    }

    public Value? PeekSelection(Node node, Select select, int steps)
    {
        var value = Peek(node with { Expression = select.Target });
        for (var i = 0; i < steps && value is not null; i++)
        {
            value = value.AsSet is { } set && NameAt(node, select.Path[i]) is { } name ? Forced(set.Find(name)) : null;
        }

        return value;
    }
}
