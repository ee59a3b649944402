using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Which expressions mention a value: for values that no variable leads to.</summary>
internal sealed partial class Origins
{
    /// <summary>The values that an expression mentions, with where each is mentioned.</summary>
    public IEnumerable<Node> Mentions(Node node)
    {
        var pending = new Stack<Expression>([node.Expression]);
        while (pending.TryPop(out var next))
        {
            if (next is Identifier or Select or ListLiteral && node.Inner(next) is { } inner)
            {
                yield return inner;
            }

            if (next is Select { Target: Identifier })
            {
                continue;
            }

            foreach (var child in SourceTree.Children(next).Reverse())
            {
                pending.Push(child);
            }
        }
    }

    /// <summary>Finds where <paramref name="value"/>, or a list or set with it in it, is mentioned in what was going on.</summary>
    /// <param name="value">The value.</param>
    /// <param name="from">The innermost frame to look in.</param>
    public Definition? FindMention(Value value, int from)
    {
        foreach (var node in calls.Bodies(from))
        {
            foreach (var mention in Mentions(node))
            {
                if (Contains(mention, value) is { } definition)
                {
                    return definition;
                }
            }
        }

        return null;
    }

    private Definition? Contains(Node mention, Value value)
    {
        if (mention.Expression is ListLiteral written)
        {
            return written.Items.FirstOrDefault(i => i is Identifier or Select or StringLiteral or IntegerLiteral && (IsSame(Peek(mention with { Expression = i }), value) || IsWritten(i, value))) is { } found
                ? new Definition(mention with { Expression = found }, SourceTree.StartOf(found), null, DefinitionKind.Item)
                : null;
        }

        switch (Peek(mention))
        {
            case { AsList: { } list }:
                for (var i = 0; i < list.Count; i++)
                {
                    if (IsSame(list.Items[i], value))
                    {
                        return DefineItem(mention, i) ?? new Definition(mention, SourceTree.StartOf(mention.Expression), null, DefinitionKind.Item);
                    }
                }

                return null;
            case { AsSet: { } set } when set.Count <= 2000:
                foreach (var (name, item, position) in set.ByName(eval.Symbols))
                {
                    if (position > 0 && IsSame(item, value))
                    {
                        return AtPosition(position, name, DefinitionKind.Attribute);
                    }
                }

                return null;
            default:
                return null;
        }
    }
}
