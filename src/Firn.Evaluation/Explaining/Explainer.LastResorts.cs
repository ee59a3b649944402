using System.Text.RegularExpressions;
using Firn.Evaluation.Forcing;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Failures in a library that no frame leads out of: which of the user's lines gave it what it stumbles over.</summary>
internal sealed partial class Explainer
{
    [GeneratedRegex("""['"`‘“]([^'"`’”\s]{4,})['"`’”]""")]
    private static partial Regex QuotedText { get; }

    [GeneratedRegex(@"\b(?:element|item|entry) ([0-9]+) of (\w+)")]
    private static partial Regex ElementOf { get; }

    private void LeaveLibrary()
    {
        if (UseModuleContext())
        {
            return;
        }

        UseInnermostOwnFrame();
        if ((!_trees.IsOwn(_primary.Start) || IsWholeFile(_primary.Start))
            && !UseMapping() && !UseNamedAttribute() && !UseQuotedText() && _eval.Sources.Find(_primary.Start) is null)
        {
            UseLastFile();
        }
    }

    // `let … in …` from the first line on says nothing.
    private bool IsWholeFile(int position) => _trees.For(position) is { Root: var root } && SourceTree.StartOf(root) == position;

    private void UseInnermostOwnFrame()
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls.CodeOf(i) is { } code && _trees.IsOwn(code.Position) && _calls.CallCodeAt(i) is not LambdaCode)
            {
                var expression = _trees.For(code.Position)?.Find(code);
                var before = _primary;
                _primary = expression is null
                    ? (code.Position, code.Position, "")
                    : (SourceTree.StartOf(expression), expression.End, _calls.ThunkAt(i) is not null ? "while evaluating this" : "in this call");
                if (before.Start > 0 && before.Text.Length > 0)
                {
                    _labels.Add(before);
                }

                UseArgument(_calls.CallAt(i));
                return;
            }
        }
    }

    // The wrong value itself may be written in the call, or where the function was given its first arguments.
    private void UseArgument(Node? call)
    {
        if (_failure.Found is not { } found)
        {
            return;
        }

        for (var steps = 0; steps < 4 && call is { Expression: Call { Function: var function, Arguments: var arguments } }; steps++)
        {
            if (arguments.FirstOrDefault(a => Origins.IsWritten(a, found)) is { } argument)
            {
                _primary = (SourceTree.StartOf(argument), argument.End, $"this is {found.Description}{(_failure.Wanted is null ? "" : $", not {_failure.Wanted}")}");
                return;
            }

            call = _origins.Define(call with { Expression = function })?.Value;
        }
    }

    // What `map` applies may have no place in the user's files, and the call of `map` may be over: one that passes it on is looked for.
    private bool UseMapping()
    {
        var trees = _trees.Own().Reverse().ToList();
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls.ThunkAt(i) is { MappedFunction: { } function, MappedItem: var mapped }
                && (function.AsClosure?.Code.Name?.ToString() ?? (function.AsBuiltin ?? function.AsPartial?.Function.AsBuiltin)?.Name) is { } name
                && trees.SelectMany(t => t.Expressions.OfType<Call>(), (tree, call) => (Tree: tree, Call: call)).LastOrDefault(c => Passes(c.Call, name)) is { Call: { } call } place)
            {
                _primary = (call.Start, call.End, "in this call");
                if (mapped is ({ IsList: true }, var index) && call.Arguments is [_, var list] && _origins.DefineItem(Node.WithoutEnvironment(place.Tree, list), index) is { } item)
                {
                    var origin = _origins.Follow(item, Origins.At(Node.WithoutEnvironment(place.Tree, call), null), true);
                    _labels.Add(_primary);
                    _primary = (origin.Start, origin.End, _failure.Found is { } found ? $"this is {found.Description}" : "this item");
                }

                return true;
            }
        }

        return UseItem();

        static bool Passes(Call call, string name) => call.Arguments.Any(a => Origins.NameOf(a) == name || (a is Call inner && Origins.NameOf(inner.Function) == name));
    }

    // The function that was mapped has no name: the item is looked for among lists that are written out.
    private bool UseItem()
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls.ThunkAt(i)?.MappedItem is not ({ AsList: { } source }, var index) || index >= source.Count || Origins.Forced(source.Items[index]) is not { } item)
            {
                continue;
            }

            foreach (var tree in _trees.Own().Reverse())
            {
                foreach (var call in tree.Expressions.OfType<Call>().Where(c => c.Arguments.Length > 1))
                {
                    if (_origins.DefineItem(Node.WithoutEnvironment(tree, call.Arguments[^1]), index) is { Value.Expression: var written } found && Origins.IsWritten(written, item))
                    {
                        var origin = _origins.Follow(found, Origins.At(Node.WithoutEnvironment(tree, call), null), true);
                        _labels.Add((call.Start, call.End, "in this call"));
                        _primary = (origin.Start, origin.End, "this item");
                        return true;
                    }
                }
            }
        }

        return false;
    }

    // “element 2 of buildInputs for x”: an attribute of a set that a function was given.
    private bool UseNamedAttribute()
    {
        var about = string.Join('\n', Remarks().Append(_message));
        var element = ElementOf.Match(_message);
        foreach (var tree in _trees.Own().Reverse())
        {
            foreach (var set in tree.Expressions.OfType<Call>().SelectMany(c => c.Arguments).OfType<Syntax.Trees.AttributeSet>())
            {
                if (set.Bindings.Items.OfType<Binding.Plain>().FirstOrDefault(b => element.Success ? b.Name.ToString() == element.Groups[2].Value : b.Name.ToString() is { Length: > 4 } name && Regex.IsMatch(_message, $@"\b{Regex.Escape(name)}\b")) is not { } binding
                    || !set.Bindings.Items.OfType<Binding.Plain>().Any(b => b.Name.ToString() is "name" or "pname" && b.Value is StringLiteral { Value: var called } && about.Contains(System.Text.Encoding.UTF8.GetString(called), StringComparison.Ordinal)))
                {
                    continue;
                }

                _primary = (binding.Start, binding.Start + binding.Name.ToString().Length, $"about `{binding.Name}`");
                if (element.Success && int.TryParse(element.Groups[1].Value, out var number)
                    && _origins.DefineItem(Node.WithoutEnvironment(tree, binding.Value), number - 1)?.Value is { Expression: var item } node)
                {
                    _primary = (SourceTree.StartOf(item), item.End, $"item {number} of `{binding.Name}`: {node.Tree.Text(item, 30)}");
                }

                return true;
            }
        }

        return false;
    }

    // A message quotes what the user wrote.
    private bool UseQuotedText()
    {
        foreach (Match quoted in QuotedText.Matches(_message))
        {
            var written = System.Text.Encoding.UTF8.GetBytes(quoted.Groups[1].Value);
            if (_trees.Own().SelectMany(t => t.Expressions.OfType<StringLiteral>()).Where(l => l.Value.AsSpan().SequenceEqual(written)).Take(2).ToList() is [var literal])
            {
                _primary = (literal.Start, literal.End, "this is meant");
                return true;
            }
        }

        return false;
    }

    private void UseLastFile()
    {
        if (_trees.Own().LastOrDefault() is { } last)
        {
            _primary = (SourceTree.StartOf(last.Root), last.Root.End, "while evaluating this");
        }
    }
}
