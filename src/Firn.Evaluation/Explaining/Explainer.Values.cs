using Firn.Evaluation.Values;
using Firn.Model.Text;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Evaluation.Values.AttributeSet;

namespace Firn.Evaluation.Explaining;

/// <summary>Failures about a value that is not what something needs.</summary>
internal sealed partial class Explainer
{
    private static readonly string[] _ordinals = ["first", "second", "third"];

    private void ExplainWrongValue(Node? site, Value found)
    {
        var wantsText = _failure.Wanted is null or "a string" && _failure.Code == EvaluationErrors.WrongType;
        var follows = found is not ({ IsFunction: true }) && !(wantsText && found.Kind is Kind.Set or Kind.List);
        var origin = OriginOf(site, found, follows);
        if (origin is null)
        {
            _primary.Text = $"this is {found.Description}";
            return;
        }

        var wanted = _failure.Wanted ?? "a string";
        var what = $"{Quoted(origin.Name)} is {found.Description}{(_failure.Wanted is null ? "" : $", not {wanted}")}";
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
            && sum.Inner(other) is { } node && _origins.Peek(node) is { IsString: true } value
            && _origins.Trace(node, true) is { Kind: not DefinitionKind.None } origin && _trees.IsOwn(origin.Start) && !SameLine(origin.Start, _primary.Start))
        {
            _labels.Add(_primary);
            _primary = (origin.Start, origin.End, $"{Quoted(origin.Name ?? node.Tree.Text(other))} is {value.Description}, and {found.Description} is added to it");
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

    private void ExplainMissingAttribute(Node? site)
    {
        var (name, set) = (_failure.Name!.ToString(), _failure.Set!.Value);
        _primary.Text = $"there is no `{name}` in this set";
        if (_failure.Position > 0 && _trees.For(_failure.Position)?.StepAt(_failure.Position) is var (select, step) && _trees.IsOwn(_failure.Position))
        {
            _primary = (select.Path[step].Start, select.Path[step].End, _primary.Text);
        }

        if (!_trees.IsOwn(_primary.Start) && Remarks().Any(r => r.Contains($"argument `{name}` is not externally provided", StringComparison.Ordinal)))
        {
            _hints.Add($"Nobody gives the modules an argument `{name}`: pass it by specialArgs, or set _module.args.{name}.");
        }

        var names = set.ByName(_eval.Symbols).ToList();
        var near = Suggestions.Nearest(name, names.Select(a => a.Name.ToString()));
        if (near.Count > 0)
        {
            var (_, _, position) = names.First(a => a.Name.ToString() == near[0]);
            if (position > 0 && _trees.IsOwn(position))
            {
                // Who wrote the rarer of two spellings made the mistake; very short names are not spellings of each other.
                if (name.Length > 2 && Count(near[0]) < Count(name))
                {
                    (var before, _primary) = (_primary, (position, position + near[0].Length, $"`{near[0]}`: did you mean `{name}`?"));
                    _labels.Add((before.Start, before.End, $"`{name}` is needed here"));
                    return;
                }

                _labels.Add((position, position + near[0].Length, $"`{near[0]}` is defined here"));
            }

            return;
        }

        var first = names.Select(a => a.Position).Where(p => p > 0 && _trees.IsOwn(p)).DefaultIfEmpty().Min();
        if (first > 0)
        {
            if (IsOddOneOut(set, _failure.Name!))
            {
                (var before, _primary) = (_primary, (first, first, $"this set has no `{name}`, others beside it have"));
                _labels.Add((before.Start, before.End, $"`{name}` is needed here"));
                return;
            }

            _labels.Add((first, first, "the set is made here"));
        }

        if (names.Count is > 0 and <= 12)
        {
            _notes.Add($"The set has the attributes {string.Join(", ", names.Select(a => a.Name))}.");
        }

        _ = site;
    }

    // Of several sets in a list or set, this one lacks what others have.
    private bool IsOddOneOut(AttributeSet set, Symbol name)
    {
        foreach (var body in _calls.Bodies(_calls.Count - 1))
        {
            foreach (var mention in _origins.Mentions(body))
            {
                var siblings = _origins.Peek(mention) switch
                {
                    { AsList: { } list } => list.Items.ToArray().Select(i => Origins.Forced(i)).ToList(),
                    { AsSet: { } around } when around.Count < 2000 => around.ByName(_eval.Symbols).Select(a => Origins.Forced(a.Value)).ToList(),
                    _ => [],
                };
                if (siblings.Contains(set))
                {
                    return siblings.Any(s => s.AsSet?.Find(name) is not null);
                }
            }
        }

        return false;
    }

    private int Count(string word)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(word);
        var count = 0;
        foreach (var source in _trees.Own().Select(t => t.Source))
        {
            for (var at = 0; source.Bytes.AsSpan(at).IndexOf(bytes) is >= 0 and var next; at += next + bytes.Length)
            {
                var (start, end) = (at + next, at + next + bytes.Length);
                count += (start == 0 || !IsLetter(source.Bytes[start - 1])) && (end == source.Bytes.Length || !IsLetter(source.Bytes[end])) ? 1 : 0;
            }
        }

        return count;

        static bool IsLetter(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'-' or (byte)'\'';
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
            }
        }
        else if (_origins.Trace(function, true) is var origin && _trees.IsOwn(origin.Start))
        {
            Blame(origin, $"{Quoted(origin.Name)} is {found.Description}, not a function", site, "called here");
        }

        if (_origins.Peek(function) is { AsClosure: { } closure } && closure.Code.Arity < call.Arguments.Length)
        {
            var (name, arity) = (site.Tree.Text(call.Function, 30), closure.Code.Arity);
            _primary.Text = $"with {arity} argument{(arity == 1 ? "" : "s")}, `{name}` gives {found.Description}, not a function";
            _hints.Add($"`{name}` takes {arity} argument{(arity == 1 ? "" : "s")} and is given {call.Arguments.Length}; a call as an argument needs parentheses.");
        }
        else if (found.Kind is Kind.String or Kind.Int or Kind.WideInt or Kind.Path)
        {
            _hints.Add("Two values side by side are a call: an operator such as `+` or a `;` may be missing between them.");
        }
    }

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
