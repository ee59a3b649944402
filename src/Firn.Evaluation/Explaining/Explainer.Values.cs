using Firn.Evaluation.Values;
using Firn.Model.Text;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Failures about a value that is not what something needs.</summary>
internal sealed partial class Explainer
{
    private static readonly string[] _ordinals = ["first", "second", "third"];

    private void ExplainWrongValue(Node? site, Value found)
    {
        var wantsText = _failure.Wanted is null or "a string" && _failure.Code == EvaluationErrors.WrongType;
        var follows = found is not ({ IsFunction: true }) && !(wantsText && found.Kind is Kind.Set or Kind.List);
        if (ExplainResult(found))
        {
            return;
        }

        var origin = OriginOf(site, found, follows);
        if (origin is null)
        {
            _primary.Text = $"this is {found.Description}";
            return;
        }

        if (origin.Kind == DefinitionKind.Name)
        {
            ExplainNameTaken(origin.Name!);
            return;
        }

        var wanted = _failure.Wanted ?? "a string";
        var what = $"{Quoted(origin.Name)} is {found.Description}{(_failure.Wanted is null ? "" : $", not {wanted}")}";
        if (IsSwapped(found))
        {
            _labels.Add((origin.Start, origin.End, what));
            return;
        }

        if (origin.Start == _primary.Start && _failure is { Wanted: "a set", Name: { } lookedFor })
        {
            what += $"; `{lookedFor}` is looked for in it";
        }

        Blame(origin, what, site, $"needed here{(origin.Name is null ? "" : $": {Quoted(origin.Name)}")} as {wanted}");
        if (_primary.Start != origin.Start)
        {
            _labels.Add((origin.Start, origin.End, what));
        }

        if (_primary.Text.Length == 0)
        {
            _primary.Text = what;
        }

        AddMaker(found);
        if (!_trees.IsOwn(_primary.Start))
        {
            BlameMaker(found);
        }

        BlameOtherOperand(site, found);
        HintAt(origin, found);
    }

    /// <summary>Where the wrong value came from: the argument, operand or part that it is, followed to where it was made.</summary>
    private Origin? OriginOf(Node? site, Value found, bool follows)
    {
        if (site is { Expression: Select select } && _failure.Name is not null && _failure.Wanted == "a set")
        {
            var step = _trees.For(_failure.Position)?.StepAt(_failure.Position)?.Step ?? select.Path.Length - 1;
            return TraceTarget(site, select, step, follows);
        }

        if (_failure.Position == 0 && InnermostCall() is { Expression: Call call } node)
        {
            var ordinal = Array.FindIndex(_ordinals, o => _failure.Doing.Contains($"the {o} argument", StringComparison.Ordinal));
            if (ordinal >= 0 && ordinal < call.Arguments.Length && !_failure.Doing.Contains("element", StringComparison.Ordinal))
            {
                var argument = node with { Expression = call.Arguments[ordinal] };
                if (_origins.Peek(argument) is not { } peeked || Origins.IsSame(peeked, found))
                {
                    return _origins.Trace(argument, follows);
                }
            }

            foreach (var argument in call.Arguments)
            {
                if (Origins.IsSame(_origins.Peek(node with { Expression = argument }), found))
                {
                    return _origins.Trace(node with { Expression = argument }, follows);
                }
            }

            return Mentioned(found, follows);
        }

        if (_failure.Position > 0 && _trees.For(_failure.Position) is { } tree && tree.BindingAt(_failure.Position) is { } binding)
        {
            var definition = _origins.AtPosition(_failure.Position, binding.Name, DefinitionKind.Attribute);
            return _origins.Follow(definition, new Origin(definition.Position, definition.Position, definition.Name, null), follows);
        }

        if (site is null)
        {
            return Mentioned(found, follows);
        }

        foreach (var operand in Operands(site.Expression))
        {
            if (site.Inner(operand) is { } inner && Origins.IsSame(_origins.Peek(inner), found))
            {
                return _origins.Trace(inner, follows);
            }
        }

        return site.Expression is Call { Function: var function } && _failure.Doing.Contains("lambda argument", StringComparison.Ordinal)
            ? ArgumentOf(site, found, follows)
            : _origins.Trace(site, follows);
    }

    // `v + 1`: what is written out is meant so; the wrong one of the two came from elsewhere.
    private void BlameOtherOperand(Node? site, Value found)
    {
        if (SumOf(site) is not { } sum || !_trees.IsOwn(_primary.Start))
        {
            return;
        }

        var operands = Operands(sum.Expression).Where(o => o is not (StringLiteral or Interpolation)).ToList();
        if (operands.FirstOrDefault(o => SourceTree.StartOf(o) == _primary.Start) is IntegerLiteral or FloatLiteral
            && operands.FirstOrDefault(o => SourceTree.StartOf(o) != _primary.Start) is { } other
            && sum.Inner(other) is { } node && _origins.Peek(node) is { Kind: Kind.String or Kind.Path } value
            && _origins.Trace(node, true) is { Kind: not DefinitionKind.None } origin && _trees.IsOwn(origin.Start) && !SameLine(origin.Start, _primary.Start))
        {
            _labels.Add(_primary);
            _primary = (origin.Start, origin.End, $"{Quoted(origin.Name ?? node.Tree.Text(other))} is {value.Description}, and {found.Description} is added to it");
            HintAtSpelling(origin);
        }
    }

    // Messages about `a + b` may name one of the two.
    private static Node? SumOf(Node? site) => site?.Expression is Interpolation { IsString: false } or Operation ? site
        : site is not null && site.Tree.Parent(site.Expression) is Interpolation { IsString: false } parent ? site with { Expression = parent }
        : null;

    private Origin? ArgumentOf(Node site, Value found, bool follows)
    {
        var arguments = ((Call)site.Expression).Arguments;
        var argument = arguments.FirstOrDefault(a => Origins.IsSame(_origins.Peek(site with { Expression = a }), found)) ?? arguments[^1];
        return _origins.Trace(site with { Expression = argument }, follows);
    }

    private Origin? Mentioned(Value found, bool follows) =>
        _origins.FindMention(found, _calls.Count - 1) is { } mention
            ? _origins.Follow(mention, new Origin(mention.Position, mention.Position, mention.Name, null), follows)
            : null;

    private Origin TraceTarget(Node site, Select select, int step, bool follows)
    {
        var target = site with { Expression = select.Target };
        if (step == 0)
        {
            return _origins.Trace(target, follows);
        }

        var name = select.Path[step - 1].Name?.ToString();
        var before = new Origin(SourceTree.StartOf(select), select.Path[step - 1].End, name, null);
        return _origins.Follow(_origins.DefineSelection(site, select, step), before, follows);
    }

    private static IEnumerable<Expression> Operands(Expression expression) => expression switch
    {
        Operation operation => [operation.Left, operation.Right],
        Interpolation { IsString: false } sum => sum.Parts,
        Negate negate => [negate.Operand],
        _ => [],
    };

    // A set says where it was written by its attributes.
    private void AddMaker(Value found)
    {
        var position = found switch
        {
            { AsClosure: { } closure } => closure.Code.Position,
            { AsSet: { Count: > 0 } set } => set.ByName(_eval.Symbols).Select(a => a.Position).Where(p => p > 0 && _trees.IsOwn(p)).DefaultIfEmpty().Min(),
            _ => 0,
        };
        if (position > 0 && _trees.IsOwn(position))
        {
            _labels.Add((position, position, found.AsClosure is { Code.Name: { } name } ? $"the function `{name}` is defined here" : $"{found.Description} made here"));
        }
    }

    // The wrong set went into a library: the call that it was given to, when the set is written out there.
    private void BlameMaker(Value found)
    {
        if (found.AsSet is not { Count: > 0 } set
            || set.ByName(_eval.Symbols).Select(a => a.Position).Where(p => p > 0 && _trees.IsOwn(p)).DefaultIfEmpty().Min() is not (> 0 and var position)
            || _trees.For(position)?.Expressions.OfType<Syntax.Trees.AttributeSet>().LastOrDefault(e => e.Start < position && e.End > position) is not { } literal)
        {
            return;
        }

        Expression whole = _trees.For(position)!.Parent(literal) is Call { Arguments: [.., var last] } call && ReferenceEquals(last, literal) ? call : literal;
        _primary = (SourceTree.StartOf(whole), whole.End, $"this is {found.Description}{(_failure.Wanted is null ? "" : $", not {_failure.Wanted}")}");
    }

    private void ExplainNotAFunction(Node? site)
    {
        if (site is not { Expression: Call call })
        {
            return;
        }

        // The frame of the call itself may have run the function already, in another environment.
        site = InnermostCall() is { Expression: Call innermost } own && ReferenceEquals(innermost, call) ? own : site;
        var found = _failure.Found!.Value;
        var function = site with { Expression = call.Function };
        var start = SourceTree.StartOf(call.Function);
        _primary = (start, call.Function.End, $"this is {found.Description}, not a function");
        if (_trees.IsOwn(start))
        {
            var origin = _origins.Trace(function, true);
            if (origin.Start != start && _trees.IsOwn(origin.Start))
            {
                _labels.Add((origin.Start, origin.End, $"{Quoted(origin.Name)} is made here: {found.Description}"));
                if (HintAtSpelling(origin))
                {
                    (_primary, _labels[^1]) = (_labels[^1], (_primary.Start, _primary.End, "called here"));
                    return;
                }
            }
        }
        else if (_origins.Trace(function, true) is var origin && _trees.IsOwn(origin.Start))
        {
            Blame(origin, $"{Quoted(origin.Name)} is {found.Description}, not a function", site, "called here");
        }

        if (_origins.Peek(function) is { AsClosure: { } closure } && closure.Code.Arity < call.Arguments.Length)
        {
            var (name, arity) = (site.Tree.Text(call.Function, 30), closure.Code.Arity);
            if (!_trees.IsOwn(_primary.Start) && _trees.IsOwn(closure.Code.Position))
            {
                // A library calls the user's function with as many as it is always given.
                _labels.Add((_primary.Start, _primary.End, "called here"));
                _primary = (closure.Code.Position, closure.Code.Position, "");
                _hints.Clear();
                _hints.Add($"This function takes {Arguments(arity)}, and is called with {call.Arguments.Length}: {string.Join(' ', call.Arguments.Select(a => Origins.NameOf(a) ?? "…"))}.");
                _primary.Text = $"with {Arguments(arity)}, this function gives {found.Description}, not a function";
                return;
            }

            _primary.Text = $"with {Arguments(arity)}, `{name}` gives {found.Description}, not a function";
            _hints.Add($"`{name}` takes {Arguments(arity)} and is given {call.Arguments.Length}; a call as an argument needs parentheses.");
        }
        else if (found.Kind == Kind.Path)
        {
            _hints.Add($"A path is only the name of a file; what is in it comes by `import`: import {site.Tree.Text(call.Function, 40)} …");
        }
        else if (found.Kind is Kind.String or Kind.Int or Kind.WideInt)
        {
            _hints.Add("Two values side by side are a call: an operator such as `+` or a `;` may be missing between them.");
        }
    }

    private static string Arguments(int count) => count == 1 ? "1 argument" : $"{count} arguments";

    private void ExplainArguments()
    {
        var (name, set, function) = (_failure.Name!, _failure.Set!.Value, _failure.Function!);
        var known = function.Pattern!.Items.Select(i => i.Name.ToString()).ToList();
        if (_trees.IsOwn(function.Position))
        {
            _labels.Add((function.Position, function.Position, "the function is defined here"));
        }

        var before = _primary;
        if (_failure.Code == EvaluationErrors.UnexpectedArgument)
        {
            if (set.FindPosition(name) is > 0 and var position && _trees.IsOwn(position))
            {
                _primary = (position, position + name.ToString().Length, $"the function takes no `{name}`");
                _labels.Add((before.Start, before.End, "in this call"));
            }

            else if (!_trees.IsOwn(before.Start) && _trees.IsOwn(function.Position))
            {
                // Such as `outputs` of a flake, which is called with every input there is.
                _primary = (function.Position, function.Position, $"this function takes no `{name}`");
                _hints.Add($"Add `{name}` to its arguments, or `...`, which takes whatever else is given.");
            }

            _notes.Add($"The function takes {string.Join(", ", known)}.");
            return;
        }

        _primary.Text = $"`{name}` is missing in this call";
        var misspelt = set.ByName(_eval.Symbols)
            .Where(a => a.Position > 0 && _trees.IsOwn(a.Position) && !known.Contains(a.Name.ToString()))
            .FirstOrDefault(a => Suggestions.Nearest(name.ToString(), [a.Name.ToString()]).Count > 0);
        if (misspelt.Name is not null)
        {
            _primary = (misspelt.Position, misspelt.Position + misspelt.Name.ToString().Length, $"did you mean `{name}`?");
            _labels.Add((before.Start, before.End, "in this call"));
        }
        else if (!_trees.IsOwn(before.Start) && set.ByName(_eval.Symbols).Select(a => a.Position).Where(p => p > 0 && _trees.IsOwn(p)).DefaultIfEmpty().Min() is > 0 and var first)
        {
            _labels.Add((first, first, "the argument is made here"));
        }
    }
}
