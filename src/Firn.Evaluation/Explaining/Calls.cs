using Firn.Evaluation.Forcing;
using Firn.Evaluation.Memory;
using Firn.Evaluation.Values;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>The frames of a failure as expressions: which call each is, and what its body ran in.</summary>
internal sealed class Calls(Trees trees, Failure failure)
{
    private const int MaxBodies = 400;

    private readonly Activity[] _frames = failure.Frames;

    public int Count => _frames.Length;

    /// <summary>The thunk that a frame forces, or null.</summary>
    public Thunk? ThunkAt(int frame) => _frames[frame].Thunk is > 0 and var handle ? new Thunk(handle) : null;

    /// <summary>What a frame says for traces only, or null.</summary>
    public ContextFrame? ContextAt(int frame) => _frames[frame].Context is > 0 and var place ? failure.Contexts[(int)place - 1] : null;

    /// <summary>The call that a frame is for, or the function that a builtin called; null when it is something else.</summary>
    public Code? CallCodeAt(int frame) => _frames[frame].Code is > 0 and var id ? ObjectIds.Get<Code>(id) : null;

    /// <summary>The code of a frame, with a position.</summary>
    public Code? CodeOf(int frame) => (ThunkAt(frame)?.Code ?? CallCodeAt(frame)) is { Position: > 0 } code ? code : null;

    /// <summary>The environment that the function of a call runs in, once it does; else null.</summary>
    public Env? EnvironmentAt(int frame) => _frames[frame].Environment is > 0 and var handle ? new Env(handle) : null;

    /// <summary>Whether a frame is for a value that is being computed.</summary>
    public bool IsThunk(int frame) => ThunkAt(frame) is not null;

    /// <summary>What a frame computes or calls, where it stands.</summary>
    public Node? NodeOf(int frame) => ThunkAt(frame) is { Code: { Position: > 0 } code, Environment: { } environment }
        ? trees.For(code.Position) is { } tree && tree.Find(code) is { } expression ? new Node(tree, expression, environment, 0) : null
        : CallAt(frame);

    /// <summary>The frame whose function runs in <paramref name="environment"/>, or -1.</summary>
    public int FrameOf(Env environment)
    {
        for (var i = _frames.Length - 1; i >= 0; i--)
        {
            if (_frames[i].Environment == environment.Handle)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The call that a frame is for, where it stands; null when a builtin called.</summary>
    public Node? CallAt(int frame) =>
        CallCodeAt(frame) is { Position: > 0 } code and not LambdaCode && trees.For(code.Position)?.Find(code) is { } call
            ? Locate(call, trees.For(code.Position)!, frame - 1)
            : null;

    /// <summary>What is at <paramref name="position"/>, in the environment of the innermost frame.</summary>
    public Node? Innermost(int position) =>
        trees.For(position) is { } tree && (tree.StepAt(position)?.Select ?? tree.FindAt(position)) is { } expression
            ? Locate(expression, tree, _frames.Length - 1)
            : null;

    /// <summary>Gives an expression the environment of the nearest frame at or below <paramref name="frame"/> that it can have run in.</summary>
    public Node Locate(Expression expression, SourceTree tree, int frame)
    {
        for (var i = frame; i >= 0; i--)
        {
            if (ThunkAt(i) is { Environment: { } own, Code: { Position: > 0 } code })
            {
                return tree.Find(code) is { } outer && tree.FramesBetween(outer, expression) is { } between
                    ? new Node(tree, expression, own, between)
                    : Node.WithoutEnvironment(tree, expression);
            }

            if (_frames[i].Environment is > 0 and var environment)
            {
                return InFunction(expression, tree, new Env(environment));
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
            if (ThunkAt(i) is { Code: { Position: > 0 } code, Environment: { } environment }
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

    private static Node InFunction(Expression expression, SourceTree tree, Env environment)
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
