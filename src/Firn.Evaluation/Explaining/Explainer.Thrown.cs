using System.Text.RegularExpressions;
using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Failures that an expression declared itself: which data made it do so.</summary>
internal sealed partial class Explainer
{
    private void ExplainThrown()
    {
        if (ExplainModule() || ExplainCalledPackage() || ExplainAssertions())
        {
            return;
        }

        var call = InnermostCall();
        if (call is { Expression: Call { Arguments: [var message, ..] } thrown } && _trees.IsOwn(call.Expression.Start))
        {
            _primary.Text = "thrown here";
            BlameCondition(call, [.. Conditions(call.Tree, thrown)], "thrown here", message);
            return;
        }

        // A library's assertMsg, throwIf …: their caller's condition decided.
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls.CallAt(i) is { Expression: Call own } node && _trees.IsOwn(own.Start))
            {
                _primary = (own.Start, own.End, "thrown because of this call");
                BlameCondition(node, [.. own.Arguments], "in this call");
                return;
            }
        }

        UseModuleContext();
    }

    [GeneratedRegex("required argument \"([^\"]+)\" at ([^\\s:]+):([0-9]+)")]
    private static partial Regex MissingPackage { get; }

    /// <summary>callPackage found no package for an argument: the argument, where the function names it.</summary>
    private bool ExplainCalledPackage()
    {
        if (MissingPackage.Match(_message) is not { Success: true } match
            || _eval.Sources.All().LastOrDefault(s => s.Origin.ToString() == match.Groups[2].Value) is not { } source
            || _trees.LibraryOf(source) is not null
            || _trees.For(source)?.Expressions.OfType<Lambda>().SelectMany(l => l.Formals?.Items ?? [])
                .FirstOrDefault(f => f.Name.ToString() == match.Groups[1].Value && _eval.Sources.Span(f.Start)!.Start.Line >= int.Parse(match.Groups[3].Value, System.Globalization.CultureInfo.InvariantCulture)) is not { } formal)
        {
            return false;
        }

        UseInnermostOwnFrame();
        _labels.Add((_primary.Start, _primary.End, "called here"));
        _primary = (formal.Start, formal.Start + match.Groups[1].Length, "nothing of that name is among the packages");
        _hints.Add($"Correct the name, give the argument a default, or pass it in the call: callPackage … {{ {match.Groups[1].Value} = …; }}.");
        return true;
    }

    /// <summary>Makes the data that a condition looked at the primary place, when it came from elsewhere.</summary>
    private void BlameCondition(Node site, Expression[] conditions, string siteText, Expression? message = null)
    {
        var inCondition = conditions.SelectMany(c => Data(site, c)).ToList();
        var inMessage = message is null ? [] : Data(site, message).ToList();
        var both = inCondition.FirstOrDefault(c => inMessage.Any(m => m.Start == c.Start));
        var blamed = both ?? inCondition.FirstOrDefault() ?? inMessage.LastOrDefault();
        if (blamed is null)
        {
            if (siteText.Length == 0)
            {
                BlameCaller(site);
            }

            return;
        }

        Blame(blamed, $"{Quoted(blamed.Name)} is given here", site, siteText.Length == 0 ? "this condition is not met" : siteText);
        foreach (var other in inCondition.Concat(inMessage).Where(o => o.Start != blamed.Start))
        {
            _labels.Add((other.Start, other.End, $"{Quoted(other.Name)} is given here"));
        }
    }

    // Nothing that the condition looks at was given: the call that gave nothing is the place.
    private void BlameCaller(Node site)
    {
        if (site.Environment is { } environment && _calls.FrameOf(environment) is >= 0 and var frame
            && _calls.CallAt(frame) is { Expression: Call call } && _trees.IsOwn(call.Start))
        {
            _labels.Add((_primary.Start, _primary.End, "this condition is not met"));
            _primary = (call.Start, call.End, "in this call");
        }
    }

    /// <summary>The origins of what an expression mentions that came as data: attributes, arguments, list items.</summary>
    private IEnumerable<Origin> Data(Node site, Expression expression)
    {
        if (site.Inner(expression) is not { } inner)
        {
            yield break;
        }

        foreach (var mention in _origins.Mentions(inner))
        {
            if (_origins.Peek(mention) is not { Kind: Kind.String or Kind.Int or Kind.WideInt or Kind.Bool or Kind.Null or Kind.Float or Kind.Path })
            {
                continue;
            }

            var origin = _origins.Trace(mention, true);
            if (origin.Kind is DefinitionKind.Attribute or DefinitionKind.Argument or DefinitionKind.Item && _trees.IsOwn(origin.Start))
            {
                yield return origin with { Name = origin.Name ?? mention.Tree.Text(mention.Expression) };
            }
        }
    }

    /// <summary>What decided that an expression is evaluated: conditions, failed selections and left operands around it.</summary>
    private static IEnumerable<Expression> Conditions(SourceTree tree, Expression expression)
    {
        for (var child = expression; tree.Parent(child) is { } parent && parent is not Lambda; child = parent)
        {
            switch (parent)
            {
                case Conditional choice when !ReferenceEquals(choice.Condition, child):
                    yield return choice.Condition;
                    break;
                case Select select when ReferenceEquals(select.Fallback, child):
                    foreach (var name in select.Path.Where(p => p.Dynamic is not null))
                    {
                        yield return name.Dynamic!;
                    }

                    yield return select.Target;
                    break;
                case Operation { Operator: Operator.Or or Operator.And or Operator.Implies } operation when ReferenceEquals(operation.Right, child):
                    yield return operation.Left;
                    break;
                case Assert assert when ReferenceEquals(assert.Body, child):
                    yield return assert.Condition;
                    break;
            }
        }
    }
}
