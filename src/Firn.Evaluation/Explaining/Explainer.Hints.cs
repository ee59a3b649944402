using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>What to try against the well-known traps.</summary>
internal sealed partial class Explainer
{
    private void HintAt(Origin origin, Value found)
    {
        var tree = origin.Node?.Tree ?? _trees.For(origin.Start);
        var expression = origin.Node?.Expression;
        if (found is { IsFunction: true })
        {
            HintAtFunction(tree, expression);
        }

        if (found.AsString is { } text)
        {
            var written = text.ToString();
            if (_failure.Message.Contains("absolute path", StringComparison.Ordinal))
            {
                _hints.Add(written.StartsWith("./", StringComparison.Ordinal) || written.StartsWith("../", StringComparison.Ordinal)
                    ? $"This is a string. Write the path without quotes: {written}"
                    : "This is a string. Write a path without quotes, such as ./file, or start the string with '/'.");
            }
            else if (_failure.Wanted is "a Boolean" && written is "true" or "false")
            {
                _hints.Add($"Write {written} without quotes.");
            }
            else if (_failure.Wanted is "an integer" && long.TryParse(written, out _))
            {
                _hints.Add($"Write {written} without quotes.");
            }
            else if (_failure.Wanted is "a list")
            {
                _hints.Add($"A list with it as its only item is written [ {(written.Length < 40 ? $"\"{written}\"" : "…")} ].");
            }
        }
        else if (_failure.Wanted is "a list" && found.Kind is Kind.Int or Kind.WideInt or Kind.Float or Kind.Bool or Kind.Path && tree is not null && expression is not null)
        {
            _hints.Add($"A list with it as its only item is written [ {tree.Text(expression, 40)} ].");
        }

        if (found.Kind == Kind.List && _failure.Wanted is null && SumOf(Site()) is not null)
        {
            _hints.Clear();
            _hints.Add("Lists are joined with `++`: a ++ b.");
        }
        else if (found.Kind == Kind.List && _failure.Wanted is null)
        {
            _hints.Add("To join its items write lib.concatStringsSep \" \" list; toString puts spaces between them as well.");
        }
        else if (found.Kind == Kind.List && _failure.Wanted is "a set" && found.AsList is { Count: > 0 })
        {
            _hints.Add("A list has no attributes: take one item (builtins.head, builtins.elemAt), or each with map (item: item.name) list.");
        }

        if (found.AsSet is { } set && _failure.Wanted is null)
        {
            var names = set.ByName(_eval.Symbols).Select(a => a.Name.ToString()).Take(8).ToList();
            if (names.Count > 0)
            {
                _hints.Add($"Perhaps one of its attributes is meant: {string.Join(", ", names)}.");
            }
        }

        if (found.IsNull && origin.Kind == DefinitionKind.Default)
        {
            _hints.Add($"`{origin.Name}` was not given, so it has its default.");
        }
    }

    private void HintAtFunction(SourceTree? tree, Expression? expression)
    {
        if (tree is null || expression is null)
        {
            return;
        }

        if (tree.Parent(expression) is ListLiteral list && list.Items.IndexOf(expression) is var index && index < list.Items.Length - 1)
        {
            _hints.Add($"A list has one item for each of its terms; a call in it needs parentheses: ({tree.Text(expression)} {tree.Text(list.Items[index + 1], 30)} …).");
        }
        else if (tree.Parent(expression) is Call call && call.Arguments.IndexOf(expression) is >= 0 and var argument && argument < call.Arguments.Length - 1)
        {
            _hints.Add($"A call as an argument needs parentheses: ({tree.Text(expression)} {tree.Text(call.Arguments[argument + 1], 30)} …).");
        }
        else
        {
            _hints.Add($"The function `{tree.Text(expression, 30)}` was given too few arguments, or none.");
        }
    }
}
