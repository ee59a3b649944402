using System.Text;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Modules' <c>assertions</c> that do not hold: the condition, and the definition that it is about.</summary>
internal sealed partial class Explainer
{
    private const int ShortestMessage = 8;

    private bool ExplainAssertions()
    {
        if (!_message.Contains("assertion", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var tree in _trees.Own())
        {
            foreach (var set in tree.Expressions.OfType<AttributeSet>())
            {
                if (Bound(set, "assertion") is { } condition && Bound(set, "message") is { } message && IsIn(message))
                {
                    ExplainAssertion(tree, condition);
                    return true;
                }
            }
        }

        return false;
    }

    private void ExplainAssertion(SourceTree tree, Expression condition)
    {
        _primary = (SourceTree.StartOf(condition), condition.End, "this does not hold");
        foreach (var path in OptionsIn(tree, condition))
        {
            if (FindDefinitions("", path).FirstOrDefault(d => d.Matched == path.Length) is { } definition)
            {
                _labels.Add(_primary);
                _primary = (definition.Start, definition.End, $"`{string.Join('.', path)}` is set here");
                return;
            }
        }
    }

    // `config.a.b`, or `cfg.b` where `cfg = config.a`.
    private static IEnumerable<string[]> OptionsIn(SourceTree tree, Expression condition)
    {
        foreach (var select in Selections(condition))
        {
            var names = select.Path.Select(p => p.Name?.ToString() ?? "").ToArray();
            if (select.Target is not Identifier variable || names.Contains(""))
            {
                continue;
            }

            if (variable.Name.ToString() == "config")
            {
                yield return names;
            }
            else if (tree.FindBinder(variable.Name, variable) is Binder.Recursive
                     {
                         Item: Binding.Plain { Value: Select { Target: Identifier { Name: var from }, Path: var path } },
                     } && from.ToString() == "config")
            {
                yield return [.. path.Select(p => p.Name?.ToString() ?? ""), .. names];
            }
        }
    }

    private static Expression? Bound(AttributeSet set, string name) =>
        (set.Bindings.Items.FirstOrDefault(b => b.Name.ToString() == name) as Binding.Plain)?.Value;

    // All that is written out of the text is in the message.
    private bool IsIn(Expression text)
    {
        string[] parts = text switch
        {
            StringLiteral literal => [Encoding.UTF8.GetString(literal.Value)],
            Interpolation { IsString: true } sum => [.. sum.Parts.OfType<StringLiteral>().Select(l => Encoding.UTF8.GetString(l.Value))],
            _ => [],
        };
        return parts.Sum(p => p.Length) >= ShortestMessage && parts.All(p => _message.Contains(p.Trim(), StringComparison.Ordinal));
    }
}
