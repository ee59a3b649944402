using Firn.Evaluation.Values;
using Firn.Model.Text;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Functions that are given to builtins and libraries: what they return, what they are called with, in which order arguments stand.</summary>
internal sealed partial class Explainer
{
    /// <summary>A builtin cannot use what the user's function returned: the place is what the function returns.</summary>
    private bool ExplainResult(Value found)
    {
        if (!_failure.Doing.Contains("return value of", StringComparison.Ordinal) || InnermostCall() is not { Expression: Call call } node)
        {
            return false;
        }

        foreach (var argument in call.Arguments)
        {
            if (LambdaOf(node with { Expression = argument }) is { } lambda && _trees.IsOwn(lambda.Start))
            {
                var body = lambda.Body;
                while (body is Lambda inner)
                {
                    body = inner.Body;
                }

                var before = _primary;
                _primary = (SourceTree.StartOf(body), body.End, $"the function given to `{Origins.NameOf(call.Function)}` returns this: {found.Description}");
                if (_trees.IsOwn(before.Start) && !SameLine(before.Start, _primary.Start))
                {
                    _labels.Add((before.Start, before.End, $"needed here: {_failure.Wanted ?? "another value"}"));
                }

                if (Origins.NameOf(call.Function) == "sort")
                {
                    _hints.Add("The function says whether its first argument comes before its second: sort (a: b: a < b) list.");
                }

                return true;
            }
        }

        return false;
    }

    private Lambda? LambdaOf(Node function) => function.Expression is Lambda written ? written
        : _origins.Peek(function) is { AsClosure.Code.Position: > 0 and var position } ? _trees.For(position)?.FindAt(position) as Lambda
        : null;

    /// <summary>The name of an attribute was taken for its value.</summary>
    private void ExplainNameTaken(string name)
    {
        _primary.Text = $"this is the name of an attribute: \"{name}\"";
        _hints.Clear();
        _hints.Add("mapAttrs and its like call the function with the name and the value of each attribute: name: value: …");
    }

    /// <summary>Whether the innermost call of the user's has what is wanted as another of its arguments, so that the order is the mistake.</summary>
    private bool IsSwapped(Value found)
    {
        for (var i = _calls.Count - 1; i >= 0 && _failure.Wanted is not null; i--)
        {
            if (_calls.CallAt(i) is not { Expression: Call call } node || !_trees.IsOwn(call.Start))
            {
                continue;
            }

            var values = call.Arguments.Select(a => _origins.Peek(node with { Expression = a })).ToList();
            var wrong = values.FindIndex(v => Origins.IsSame(v, found));
            var right = values.FindIndex(v => v is { } value && value.Description == _failure.Wanted);
            if (wrong < 0 || right < 0 || Origins.NameOf(call.Function) is not { } name || _origins.Peek(node with { Expression = call.Function }) is { AsClosure.Code.Position: var position } && _trees.IsOwn(position))
            {
                return false;
            }

            var (given, wanted) = (call.Arguments[wrong], call.Arguments[right]);
            _primary = (SourceTree.StartOf(given), given.End, $"`{name}` takes {_failure.Wanted} here, and this is {found.Description}");
            _hints.Clear();
            _hints.Add($"The arguments are probably in the wrong order: {node.Tree.Text(wanted, 30)} is {_failure.Wanted}.");
            return true;
        }

        return false;
    }

    /// <summary>Two values of different types are compared: what is written out is meant so, the other one came from elsewhere.</summary>
    private void ExplainComparison(Node site, Operation comparison)
    {
        foreach (var (wrong, other) in ((Expression, Expression)[])[(comparison.Left, comparison.Right), (comparison.Right, comparison.Left)])
        {
            if (site.Inner(wrong) is not { } node || _origins.Peek(node) is not { } value || wrong is IntegerLiteral or FloatLiteral or StringLiteral)
            {
                continue;
            }

            var isNumber = value.AsString is { } text && double.TryParse(text.ToString(), System.Globalization.CultureInfo.InvariantCulture, out _);
            if (other is not (IntegerLiteral or FloatLiteral or StringLiteral) && !isNumber)
            {
                continue;
            }

            var origin = _origins.Trace(node, true);
            var name = Quoted(origin.Name ?? site.Tree.Text(wrong, 30));
            Blame(origin, $"{name} is {value.Description}", site, "compared here");
            if (_primary.Text.Length == 0)
            {
                _primary.Text = $"{name} is {value.Description}";
            }

            if (isNumber && value.AsString is { } digits)
            {
                _hints.Add($"Write {digits} without quotes, or compare with a string.");
            }

            return;
        }
    }

    /// <summary>The names that a builtin's own name may be misspelt as; shortened ones, too.</summary>
    private static IReadOnlyList<string> Looser(string name, IEnumerable<string> candidates)
    {
        var others = candidates.Where(c => c != name).ToList();
        return Suggestions.Nearest(name, others) is [_, ..] near ? near
            : [.. others.Where(c => c.Length > 2 && (name.StartsWith(c, StringComparison.Ordinal) || c.StartsWith(name, StringComparison.Ordinal)))];
    }
}
