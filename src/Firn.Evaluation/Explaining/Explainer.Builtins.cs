using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>What builtins and operators refuse although its type is right: which of the user's values it is.</summary>
internal sealed partial class Explainer
{
    private void ExplainDivision(Node? site)
    {
        var divisor = site?.Expression switch
        {
            Operation operation => operation.Right,
            Call { Arguments: [_, var second] } => second,
            _ => null,
        };
        if (divisor is null)
        {
            return;
        }

        var origin = _origins.Trace(site! with { Expression = divisor }, true);
        Blame(origin, $"{Quoted(origin.Name ?? site!.Tree.Text(divisor))} is zero", site, "divided by it here");
        if (_primary.Text.Length == 0)
        {
            _primary.Text = $"`{site!.Tree.Text(divisor)}` is zero";
        }
    }

    private void ExplainIndex(Node? site)
    {
        if (site is not { Expression: Call { Arguments: [var list, ..] } })
        {
            return;
        }

        var origin = _origins.Trace(site with { Expression = list }, true);
        if (!_trees.IsOwn(_primary.Start))
        {
            Blame(origin, "this list is too short", site, "an item is taken here");
        }
        else if (origin.Start != _primary.Start)
        {
            _labels.Add((origin.Start, origin.End, "the list is made here"));
        }
    }

    // What is said about a derivation belongs to where its attributes were written.
    private void ExplainDerivation()
    {
        var made = _failure.Set ?? (BuiltinArgument(0) is { } argument ? _origins.Peek(argument).AsSet : null);
        if (made is not { } set)
        {
            return;
        }

        var isDerivation = InnermostCall() is { Expression: Call { Function: var function } } && Origins.NameOf(function) is "derivationStrict" or "derivation";
        foreach (var key in isDerivation ? (string[])["name", "pname"] : [])
        {
            if (set.FindPosition(_eval.Symbols.Intern(key)) is > 0 and var position && _trees.IsOwn(position))
            {
                var name = Origins.Forced(set.Find(_eval.Symbols.Intern(key))).AsString;
                var before = _primary;
                _primary = (position, position + key.Length, $"in the derivation `{name}`, made with these attributes");
                if (_trees.IsOwn(before.Start))
                {
                    _labels.Add((before.Start, before.End, "the derivation is made here"));
                }

                return;
            }
        }

        var first = set.ByName(_eval.Symbols).Select(a => a.Position).Where(p => p > 0 && _trees.IsOwn(p)).DefaultIfEmpty().Min();
        if (first > 0)
        {
            var before = _primary;
            var literal = _trees.For(first)?.Expressions.OfType<Syntax.Trees.AttributeSet>().LastOrDefault(s => s.Start <= first && s.End > first);
            _primary = (literal?.Start ?? first, literal?.End ?? first, _failure.Name is { } name ? $"this set has no `{name}`" : "in the set that starts here");
            if (_trees.IsOwn(before.Start))
            {
                _labels.Add((before.Start, before.End, "needed here"));
            }
        }
    }

    /// <summary>Makes the attribute the primary place whose text a message quotes.</summary>
    private bool BlameQuoted()
    {
        for (var i = 0; i < 2; i++)
        {
            if (BuiltinArgument(i) is not { } argument)
            {
                continue;
            }

            if (_origins.Peek(argument) is { AsString: { Length: > 0 } text } && Quotes(text.ToString()))
            {
                Blame(_origins.Trace(argument, true), "this", InnermostCall(), "needed here");
                return true;
            }

            if (argument.Expression is Syntax.Trees.AttributeSet literal
                && literal.Bindings.Items.Select(b => _origins.DefineAttribute(argument, b.Name)).FirstOrDefault(d => d?.Value is { } value && QuotesValue(value)) is { } attribute)
            {
                Blame(_origins.Follow(attribute, Origins.At(argument, attribute.Name), true), $"`{attribute.Name}` is given here", InnermostCall(), "needed here");
                return true;
            }

            if (_origins.Peek(argument).AsSet is not { Count: < 500 } set)
            {
                continue;
            }

            foreach (var (name, value, position) in set.ByName(_eval.Symbols))
            {
                if (position > 0 && _trees.IsOwn(position) && Origins.Forced(value).AsString is { Length: > 2 } given && Quotes(given.ToString()))
                {
                    var definition = _origins.AtPosition(position, name, DefinitionKind.Attribute);
                    Blame(_origins.Follow(definition, new Origin(position, position, name.ToString(), null), true), $"`{name}` is given here", InnermostCall(), "needed here");
                    return true;
                }
            }
        }

        return false;

        bool QuotesValue(Node node) => node.Expression is StringLiteral { Value: { Length: > 2 } written } ? Quotes(System.Text.Encoding.UTF8.GetString(written))
            : _origins.Peek(node) is { AsString: { Length: > 2 } text } && Quotes(text.ToString());

        bool Quotes(string text) => _message.Contains($"'{text}'", StringComparison.Ordinal);
    }
}
