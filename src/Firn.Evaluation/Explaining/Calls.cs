using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>The frames of a failure as expressions: which call each is, and what its body ran in.</summary>
internal sealed class Calls(Trees trees, Activity[] frames)
{
    private const int MaxBodies = 400;

    public int Count => frames.Length;

    public object? this[int frame] => frames[frame].Item;

    /// <summary>The code of a frame, with a position.</summary>
    public Code? CodeOf(int frame) => frames[frame].Item switch
    {
        Thunk { Code: { Position: > 0 } code } => code,
        Code { Position: > 0 } code => code,
        _ => null,
    };

    /// <summary>What a frame says for traces only, or null.</summary>
    public ContextFrame? ContextAt(int frame) => frames[frame].Item as ContextFrame;

    /// <summary>Whether a frame is for a value that is being computed.</summary>
    public bool IsThunk(int frame) => frames[frame].Item is Thunk;

    /// <summary>What a frame computes or calls, where it stands.</summary>
    public Node? NodeOf(int frame) => frames[frame].Item is Thunk { Code: { Position: > 0 } code, Environment: { } environment }
        ? trees.For(code.Position) is { } tree && tree.Find(code) is { } expression ? new Node(tree, expression, environment, 0) : null
        : CallAt(frame);

    /// <summary>The frame whose function runs in <paramref name="environment"/>, or -1.</summary>
    public int FrameOf(Slot[] environment)
    {
        for (var i = frames.Length - 1; i >= 0; i--)
        {
            if (ReferenceEquals(frames[i].Environment, environment))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The call that a frame is for, where it stands; null when a builtin called.</summary>
    public Node? CallAt(int frame) =>
        frames[frame].Item is Code { Position: > 0 } code and not LambdaCode && trees.For(code.Position)?.Find(code) is { } call
            ? Locate(call, trees.For(code.Position)!, frame - 1)
            : null;

    /// <summary>What is at <paramref name="position"/>, in the environment of the innermost frame.</summary>
    public Node? Innermost(int position) =>
        trees.For(position) is { } tree && (tree.StepAt(position)?.Select ?? tree.FindAt(position)) is { } expression
            ? Locate(expression, tree, frames.Length - 1)
            : null;

    /// <summary>Gives an expression the environment of the nearest frame at or below <paramref name="frame"/> that it can have run in.</summary>
    public Node Locate(Expression expression, SourceTree tree, int frame)
    {
        for (var i = frame; i >= 0; i--)
        {
            if (frames[i].Item is Thunk { Environment: { } own, Code: { Position: > 0 } code })
            {
                return tree.Find(code) is { } outer && tree.FramesBetween(outer, expression) is { } between
                    ? new Node(tree, expression, own, between)
                    : Node.WithoutEnvironment(tree, expression);
            }

            if (frames[i].Environment is { } environment)
            {
                return InFunction(expression, tree, environment);
            }
        }

        return Node.WithoutEnvironment(tree, expression);
    }

    /// <summary>What was being computed, innermost first: calls and delayed values.</summary>
    public IEnumerable<Node> Bodies(int from)
    {
        var count = 0;
        for (var i = from; i >= 0 && count < MaxBodies; i--)
        {
            if (frames[i].Item is Thunk { Code: { Position: > 0 } code, Environment: { } environment }
                && trees.For(code.Position) is { } tree && tree.Find(code) is { } expression)
            {
                count++;
                yield return new Node(tree, expression, environment, 0);
            }
            else if (CallAt(i) is { } call)
            {
                count++;
                yield return call;
            }
        }
    }

    private static Node InFunction(Expression expression, SourceTree tree, Slot[] environment)
    {
        for (var at = tree.Parent(expression); at is not null; at = tree.Parent(at))
        {
            if (at is Lambda lambda)
            {
                var head = tree.Head(lambda).Head;
                var last = lambda;
                while (last is { Formals: null, Body: Lambda next })
                {
                    last = next;
                }

                return environment.Length > SourceTree.Arity(head) && tree.FramesBetween(last.Body, expression) is { } between
                    ? new Node(tree, expression, environment, between)
                    : Node.WithoutEnvironment(tree, expression);
            }
        }

        return Node.WithoutEnvironment(tree, expression);
    }
}
