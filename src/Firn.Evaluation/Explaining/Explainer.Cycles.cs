using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Infinite recursion: which values need each other, in order.</summary>
internal sealed partial class Explainer
{
    private const int MaxCycle = 12;

    private sealed record CycleStep(int Start, int End, string? Name, Node Node, bool IsThunk);

    private void ExplainCycle()
    {
        var start = _calls.Count - 1;
        while (start > 0 && _calls.ThunkAt(start) != _failure.Cycle)
        {
            start--;
        }

        var steps = Steps(start).ToList();
        var own = steps.Where(s => _trees.IsOwn(s.Start) && !IsFile(s)).ToList();
        if (own.Count == 0 && (ExplainModuleCycle() || ExplainCalledBack(start)))
        {
            return;
        }

        if (own.Count == 0)
        {
            // The cycle closes inside a library: what of the user's led into it is next best.
            own = [.. Steps(0).Where(s => _trees.IsOwn(s.Start)).TakeLast(3)];
        }

        var values = own.Where(s => s.IsThunk && s.Name is not null).ToList();
        if (values.Count > 0)
        {
            var names = values.Select(s => s.Name!).ToList();
            _notes.Add($"The cycle: {string.Join(" → ", names.Take(MaxCycle))}{(names.Count > MaxCycle ? " → …" : "")} → {names[0]}.");
        }

        if (steps.Count(s => !_trees.IsOwn(s.Start)) is > 0 and var hidden && own.Count > 0)
        {
            _notes.Add($"{hidden} steps of the cycle are in a library.");
        }

        if (own.Count == 0)
        {
            return;
        }

        if (own.Select(MissingParentheses).FirstOrDefault(t => t is not null) is var (item, function))
        {
            _primary = (item.Start, item.End, $"{item.Text} is an item of the list by itself");
            _hints.Add($"Put parentheses around the call in the list: ({function} …).");
        }
        else
        {
            var blamed = own.LastOrDefault(s => !IsAlias(s)) ?? own[^1];
            _primary = (blamed.Start, blamed.End, own.Count == 1 ? $"{Quoted(blamed.Name)} needs its own value" : "this needs a value that is not there before this is");
        }

        if (steps[^1] is { Node: var closing } && steps[^1].Start > 0
            && _origins.Mentions(closing).FirstOrDefault(m => m.Expression is not ListLiteral && IsCycle(m)) is { } again
            && (own.Count == 0 || _trees.IsOwn(again.Expression.Start)))
        {
            _labels.Add((again.Expression.Start, again.Expression.End, "and here the cycle closes"));
        }

        foreach (var step in own.Where(s => !SameLine(s.Start, _primary.Start)).DistinctBy(s => s.Start).Take(MaxCycle))
        {
            _labels.Add((step.Start, step.End, step.Name is null ? "which goes through this" : $"`{step.Name}` needs the next"));
        }

        HintAtCycle(own);
    }

    /// <summary>Calls without end: which functions call each other.</summary>
    private void ExplainDepth()
    {
        var names = new List<string>();
        var seen = new HashSet<int>();
        for (var i = _calls.Count - 1; i >= Math.Max(0, _calls.Count - 400) && names.Count < MaxCycle; i--)
        {
            if (_calls.CallCodeAt(i) is { Position: > 0 } code and not LambdaCode && seen.Add(code.Position)
                && _trees.For(code.Position)?.Find(code) is Call call && Origins.NameOf(call.Function) is { } name)
            {
                names.Add(name);
            }
        }

        if (names.Count > 0)
        {
            names.Reverse();
            _notes.Add(names.Count == 1
                ? $"The innermost calls are all of `{names[0]}`: it needs a case in which it does not call itself."
                : $"The innermost calls are, over and over: {string.Join(" → ", names)}.");
        }
    }

    // A whole file, as `import` gives it, says nothing about where in it the cycle is.
    private static bool IsFile(CycleStep step) => step.IsThunk && ReferenceEquals(step.Node.Tree.Root, step.Node.Expression);

    /// <summary>The cycle is inside a library, and one of the user's functions that the library calls closes it: an overlay, a fixed point.</summary>
    private bool ExplainCalledBack(int start)
    {
        for (var i = _calls.Count - 1; i >= start; i--)
        {
            if (_calls.EnvironmentAt(i) is not { } environment || _calls.CallAt(i) is not { Expression: Call call } caller
                || _origins.Peek(caller with { Expression = call.Function }) is not { } function
                || (function.AsClosure ?? function.AsPartial?.Function.AsClosure) is not { } closure
                || !_trees.IsOwn(closure.Code.Position) || _trees.For(closure.Code.Position) is not { } tree
                || tree.Expressions.OfType<Lambda>().FirstOrDefault(l => l.Start == closure.Code.Position) is not { } lambda)
            {
                continue;
            }

            while (lambda is { Formals: null, Body: Lambda next })
            {
                lambda = next;
            }

            var body = new Node(tree, lambda.Body, environment, 0);
            var mentions = _origins.Mentions(body).Where(m => m.Expression is not ListLiteral).ToList();
            var closing = mentions.FirstOrDefault(IsCycle)
                ?? mentions.FirstOrDefault(m => RootOf(m.Expression) is "final" or "self" or "config");
            if (closing is null)
            {
                continue;
            }

            var name = RootOf(closing.Expression) ?? closing.Tree.Text(closing.Expression);
            _primary = (closing.Expression.Start, closing.Expression.End, $"`{name}` is needed here before it is there");
            _labels.Add((lambda.Start, lambda.Start + 1, $"this function makes a part of `{name}`"));
            _hints.Add($"Which attributes the set has must not depend on `{name}`: use it only inside their values, or take what was there before from `prev` (`super`).");
            return true;
        }

        return false;
    }

    private static string? RootOf(Expression expression) => (((expression as Select)?.Target ?? expression) as Identifier)?.Name.ToString();

    private IEnumerable<CycleStep> Steps(int start)
    {
        for (var i = start; i < _calls.Count; i++)
        {
            if (_calls.CodeOf(i) is not { } code || code is LambdaCode || _trees.For(code.Position) is not { } tree || tree.Find(code) is not { } expression)
            {
                continue;
            }

            var isThunk = _calls.ThunkAt(i) is not null;
            var node = _calls.Locate(expression, tree, isThunk ? i : i - 1);
            var name = isThunk ? (tree.BindingOf(expression) ?? tree.BindingAt(code.Position))?.Name.ToString() : null;
            yield return new CycleStep(SourceTree.StartOf(expression), expression.End, name, node, isThunk);
        }
    }

    private bool IsCycle(Node mention) =>
        _origins.Peek(mention).AsThunk is { } own && own == _failure.Cycle
        || (mention.Expression is Select { Path: [.., var last] } select && _origins.PeekSelection(mention, select, select.Path.Length) is var value
            && value.AsThunk is { } found && found == _failure.Cycle && last.Start > 0);

    // A variable that stands for a selection is named by those who use it.
    private static bool IsAlias(CycleStep step) =>
        step.Node.Expression is Select or Identifier && step.Node.Tree.Parent(step.Node.Expression) is LetIn;

    // `[ mkIf cond { … } ]`: an item of a list whose neighbour to the left is a function.
    private static ((int Start, int End, string Text) Item, string Function)? MissingParentheses(CycleStep step)
    {
        if (step.Node.Tree.Parent(step.Node.Expression) is not ListLiteral list)
        {
            return null;
        }

        var index = list.Items.IndexOf(step.Node.Expression);
        return index > 0 && LooksLikeFunction(list.Items[index - 1])
            ? ((SourceTree.StartOf(step.Node.Expression), step.Node.Expression.End, $"`{step.Node.Tree.Text(step.Node.Expression)}`"),
                step.Node.Tree.Text(list.Items[index - 1]))
            : null;
    }

    private static bool LooksLikeFunction(Expression expression) =>
        Origins.NameOf(expression) is { } name && (name.StartsWith("mk", StringComparison.Ordinal)
            || name is "map" or "import" or "optional" or "optionals" or "optionalString" or "callPackage" or "toString" or "override" or "fetchurl" or "elem");

    private void HintAtCycle(List<CycleStep> own)
    {
        if (own.FirstOrDefault(s => s.Name is not null && s.Node.Tree.BindingOf(s.Node.Expression)?.Name.ToString() == s.Name
            && _origins.Mentions(s.Node).Any(m => m.Expression is Identifier variable && variable.Name.ToString() == s.Name && IsOwnName(s, variable))) is { } self)
        {
            _hints.Add(self.Node.Expression is Identifier
                ? $"`{self.Name}` on the right is the one that is being defined. To take the variable from outside write `inherit {self.Name};`."
                : $"`{self.Name}` on the right is the one that is being defined, not one from outside: give one of the two another name.");
        }

        foreach (var step in own.Where(s => s.Name is not null))
        {
            foreach (var select in Selections(step.Node.Expression))
            {
                if (select is not { Target: Identifier root, Path: [{ Name: { } first }, ..] })
                {
                    continue;
                }

                var (from, name) = (root.Name.ToString(), first.ToString());
                if (from is "final" or "self" && name == step.Name)
                {
                    _hints.Add($"`{from}.{name}` is the package after all overlays, this definition included; the one before it is `prev.{name}` (`super.{name}`).");
                }
            }
        }

        foreach (var step in own)
        {
            var node = step.Node;
            if (Within(node, "imports") && Selections(node.Expression).Any(s => s.Target is Identifier { Name: var root } && root.ToString() is "config" or "pkgs"))
            {
                _hints.Add("`imports` is needed before `config` can be known, so it must not depend on `config` (nor on `pkgs`). Import always, and put what depends on an option into `lib.mkIf`.");
            }
        }

        if (own.Any(s => s.Node.Tree.Expressions.OfType<Identifier>().Any(i => i.Name.ToString() == "config")) && _hints.Count == 0)
        {
            _hints.Add("A module's structure must not depend on `config`: instead of `if config.x then { … }` write `lib.mkIf config.x { … }`.");
        }
    }

    private static bool IsOwnName(CycleStep step, Identifier variable) =>
        step.Node.Tree.FindBinder(variable.Name, variable) is Binder.Recursive { Item: Binding.Plain plain } && ReferenceEquals(plain.Value, step.Node.Expression);

    private static bool Within(Node node, string binding)
    {
        for (var at = node.Expression; at is not null; at = node.Tree.Parent(at))
        {
            if (node.Tree.BindingOf(at)?.Name.ToString() == binding)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Select> Selections(Expression expression)
    {
        var pending = new Stack<Expression>([expression]);
        while (pending.TryPop(out var next))
        {
            if (next is Select select)
            {
                yield return select;
            }

            foreach (var child in SourceTree.Children(next))
            {
                pending.Push(child);
            }
        }
    }
}
