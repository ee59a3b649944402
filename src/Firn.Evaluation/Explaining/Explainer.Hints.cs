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
            HintAtFunction(tree, expression, found);
        }

        if (found.IsNull && expression is Call { Function: var function } && Origins.NameOf(function) is "match")
        {
            _hints.Add("builtins.match gives null when the pattern does not match the whole text.");
        }

        if (found.Kind == Kind.Path && HintAtSpelling(origin))
        {
            return;
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

    /// <summary>What looks like an operation or a function, and is one word for want of spaces.</summary>
    private bool HintAtSpelling(Origin origin)
    {
        var text = origin.Node is { Expression: StringLiteral or PathLiteral } node ? node.Tree.Text(node.Expression) : "";
        var at = text.IndexOfAny([':', '/']);
        if (at <= 0 || text[0] is '"' or '\'' or '.' or '~' or '<' || (text[at] == '/') != (origin.Node!.Expression is PathLiteral))
        {
            return false;
        }

        _hints.Clear();
        _hints.Add(text[at] == '/'
            ? $"Without spaces this is the path of a file; to divide, write {text[..at]} / {text[(at + 1)..]}."
            : $"Without a space this is a URL, which is a string; a function is written {text[..(at + 1)]} {text[(at + 1)..]}");
        return true;
    }

    private void HintAtFunction(SourceTree? tree, Expression? expression, Value found)
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
        else if (expression is Call { Arguments.Length: var given } && (found.AsPartial is { Function.AsClosure: { } whole } ? whole.Code.Arity : found.AsClosure is { } rest ? given + rest.Code.Arity : 0) is var arity && arity > given)
        {
            _hints.Add($"`{tree.Text(((Call)expression).Function, 30)}` takes {Arguments(arity)} and is given {given}.");
        }
        else if (found.AsClosure is { Code.Pattern: { } pattern })
        {
            _hints.Add($"It is to be called with a set first: {tree.Text(expression, 30)} {{ {string.Join(' ', pattern.Items.Where(i => i.Default is null).Select(i => $"{i.Name} = …;"))}{(pattern.Items.All(i => i.Default is not null) ? "" : " ")}}}.");
        }
        else
        {
            _hints.Add($"The function `{tree.Text(expression, 30)}` was given too few arguments, or none.");
        }
    }
}
