using Firn.Evaluation.Host;
using Firn.Evaluation.Scopes;
using Firn.Evaluation.Values;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Evaluation.Values.AttributeSet;

namespace Firn.Evaluation.Explaining;

/// <summary>Turns the frames of a failure, or of any other stop, into what a debugger shows: what was being done, and what was in sight.</summary>
internal sealed class DebuggerFrames
{
    private readonly Evaluator _eval;
    private readonly Failure _failure;
    private readonly Trees _trees;
    private readonly Calls _calls;

    private DebuggerFrames(Failure failure)
    {
        (_eval, _failure, _trees) = (failure.Eval, failure, new Trees(failure.Eval));
        _calls = new Calls(_trees, failure);
    }

    /// <summary>Lists what was being done, innermost first; the stop itself comes first of all.</summary>
    public static IReadOnlyList<DebuggerFrame> Of(Failure failure)
    {
        var frames = new DebuggerFrames(failure);
        return [frames.Stop(), .. Enumerable.Range(0, frames._calls.Count).Reverse().Select(frames.Frame).OfType<DebuggerFrame>()];
    }

    private DebuggerFrame Stop()
    {
        var position = _failure.Position > 0 ? _failure.Position : Evaluator.CallPosition(_failure.Frames);
        return Make(_failure.Message, true, position, _calls.Innermost(position));
    }

    private DebuggerFrame? Frame(int index)
    {
        if (_calls.ContextAt(index) is { } context)
        {
            return _eval.Describe(context) is { } doing ? Make(doing, false, context.Position, null) : null;
        }

        if (_calls.CodeOf(index) is not { } code || code is Forcing.LambdaCode)
        {
            return null;
        }

        var node = _calls.NodeOf(index);
        return Make(Doing(node, _calls.IsThunk(index)), false, code.Position, node);
    }

    private static string Doing(Node? node, bool isThunk) => node switch
    {
        { Tree: var tree, Expression: var expression } when isThunk && tree.BindingOf(expression) is { } binding => $"while evaluating '{binding.Name}'",
        { Expression: Call { Function: var function } } when Origins.NameOf(function) is { } name => $"while calling '{name}'",
        _ => isThunk ? "while evaluating this value" : "while calling a function",
    };

    private DebuggerFrame Make(string doing, bool isFailure, int position, Node? node) => new(
        doing, isFailure, _eval.Sources.Find(position), position, () => Levels(node));

    private List<DebuggerLevel> Levels(Node? node)
    {
        var levels = new List<DebuggerLevel>();
        var depth = 0;
        for (var scope = node?.Tree.ScopeOf(node.Expression); scope is not null; scope = scope.Parent)
        {
            if (scope.IsWith)
            {
                var set = node!.Look(depth, 1) is { } value ? PromptedSet(value) : null;
                levels.Add(new DebuggerLevel(true, set is not null, set is { } known ? [.. known.ByName(_eval.Symbols).Select(a => (a.Name, a.Value))] : []));
            }
            else if (scope.Places.Count > 0)
            {
                levels.Add(new DebuggerLevel(false, true, Variables(node!, scope, depth)));
            }

            depth += scope.OwnsFrame ? 1 : 0;
        }

        levels.Add(new DebuggerLevel(false, true, [.. _eval.Globals.Names.Select(name => (name, (Value)_eval.Globals.Find(name)!))]));
        return levels;
    }

    private static List<(Syntax.Text.Symbol Name, Value Value)> Variables(Node node, Scope scope, int depth)
    {
        var variables = new List<(Syntax.Text.Symbol, Value)>();
        foreach (var (name, place) in scope.Places)
        {
            if (node.Look(depth, place) is { } value)
            {
                variables.Add((name, value));
            }
        }

        return variables;
    }

    // Looking must not compute anything: a set that is not there yet is not known.
    private static AttributeSet? PromptedSet(Value value) => Origins.Forced(value).AsSet;
}
