using Firn.Evaluation.Forcing;
using Firn.Evaluation.Scopes;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>A source parsed again for a message: what stands at a position, what is around it, and which code it became.</summary>
internal sealed class SourceTree
{
    private readonly Dictionary<Expression, Expression> _parents = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, Code> _codes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Scope> _scopes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Binding> _boundBy = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, (Binding Binding, AttributeSet? Set)> _bindings = [];
    private readonly Dictionary<int, List<Expression>> _at = [];
    private readonly Dictionary<int, (Select Select, int Step)> _steps = [];

    private SourceTree(SourceText source, Expression root) => (Source, Root) = (source, root);

    public SourceText Source { get; }

    public Expression Root { get; }

    /// <summary>All expressions, each before those inside it.</summary>
    public List<Expression> Expressions { get; } = [];

    public IEnumerable<(Binding Binding, AttributeSet? Set)> Bindings => _bindings.Values;

    public static SourceTree? Parse(Evaluator eval, SourceText source)
    {
        if (eval.Files.ParseAgain(source) is not { } root)
        {
            return null;
        }

        var tree = new SourceTree(source, root);
        try
        {
            new Compiler(eval, (key, code) => tree._codes.TryAdd(key, code), (expression, scope) => tree._scopes.TryAdd(expression, scope))
                .Tail(root, eval.Files.ScopeOf(source));
        }
        catch (EvaluationException)
        {
            // A variable is not defined: what was compiled so far helps all the same.
        }

        tree.Visit();
        return tree;
    }

    public Expression? Parent(Expression expression) => _parents.GetValueOrDefault(expression);

    public Code? CodeOf(object expressionOrBinding) => _codes.GetValueOrDefault(expressionOrBinding);

    /// <summary>The variables that an expression sees.</summary>
    public Scope? ScopeOf(Expression expression) => _scopes.GetValueOrDefault(expression);

    /// <summary>The attribute or variable that <paramref name="value"/> is the value of.</summary>
    public Binding? BindingOf(Expression value) => _boundBy.GetValueOrDefault(value);

    /// <summary>The attribute or variable whose name is at <paramref name="position"/>.</summary>
    public Binding? BindingAt(int position) => _bindings.TryGetValue(position, out var found) ? found.Binding : null;

    /// <summary>Finds the expression that <paramref name="code"/> was made of, once more.</summary>
    public Expression? Find(Code code)
    {
        code = code is CountedCode counted ? counted.Inner : code;
        if (code is SelectCode && _steps.TryGetValue(code.Position, out var step))
        {
            return step.Select;
        }

        return _at.GetValueOrDefault(code.Position)?.FirstOrDefault(e => CodeOf(e)?.GetType() == code.GetType())
            ?? (BindingAt(code.Position) is Binding.Plain plain ? plain.Value : null);
    }

    /// <summary>The outermost expression that messages place at <paramref name="position"/>.</summary>
    public Expression? FindAt(int position) => _at.GetValueOrDefault(position)?[0];

    /// <summary>The selection one of whose names is at <paramref name="position"/>, and which.</summary>
    public (Select Select, int Step)? StepAt(int position) => _steps.TryGetValue(position, out var found) ? found : null;

    /// <summary>Where the text of an expression starts, which is not the position of an operator in it.</summary>
    public static int StartOf(Expression expression) => expression switch
    {
        Operation operation => StartOf(operation.Left),
        Interpolation { IsString: false, Parts: [var first, ..] } => StartOf(first),
        _ => expression.Start,
    };

    /// <summary>The text of an expression, cut after its first line or after <paramref name="limit"/> characters.</summary>
    public string Text(Expression expression, int limit = 60)
    {
        var start = StartOf(expression) - Source.Base;
        var end = Math.Clamp(expression.End - Source.Base, start, Source.Bytes.Length);
        var text = System.Text.Encoding.UTF8.GetString(Source.Bytes.AsSpan(start..end));
        var line = text.IndexOf('\n') is >= 0 and var newline ? text[..newline].TrimEnd() + " …" : text;
        return line.Length > limit ? line[..limit] + "…" : line;
    }

    /// <summary>The text of what a name of a path is looked for in.</summary>
    public string TextBefore(Select select, int step)
    {
        var (start, end) = (StartOf(select) - Source.Base, (step == 0 ? select.Target.End : select.Path[step - 1].End) - Source.Base);
        return System.Text.Encoding.UTF8.GetString(Source.Bytes.AsSpan(start..Math.Clamp(end, start, Source.Bytes.Length)));
    }

    /// <summary>The first of the functions <c>a: b: body</c> that <paramref name="lambda"/> is one of, and which it is.</summary>
    public (Lambda Head, int Index) Head(Lambda lambda)
    {
        var index = 0;
        while (Parent(lambda) is Lambda { Formals: null } outer && ReferenceEquals(outer.Body, lambda))
        {
            lambda = outer;
            index++;
        }

        return (lambda, index);
    }

    /// <summary>How many parameters the function has that starts with <paramref name="head"/>.</summary>
    public static int Arity(Lambda head)
    {
        var count = 1;
        for (; head is { Formals: null, Body: Lambda next }; head = next)
        {
            count++;
        }

        return count;
    }

    /// <summary>Finds what gives the variable <paramref name="name"/> its value where <paramref name="from"/> stands.</summary>
    public Binder? FindBinder(Symbol name, Expression from)
    {
        Binder? with = null;
        for (var child = from; Parent(child) is { } parent; child = parent)
        {
            switch (parent)
            {
                case LetIn let when let.Bindings.Items.FirstOrDefault(b => ReferenceEquals(b.Name, name)) is { } item:
                    return new Binder.Recursive(let, let.Bindings, item);
                case AttributeSet { IsRecursive: true } set when set.Bindings.Items.FirstOrDefault(b => ReferenceEquals(b.Name, name)) is { } item:
                    return new Binder.Recursive(set, set.Bindings, item);
                case Lambda lambda when lambda.Formals?.Items.FirstOrDefault(f => ReferenceEquals(f.Name, name)) is { } formal:
                    return new Binder.Formal(lambda, formal);
                case Lambda lambda when ReferenceEquals(lambda.Argument, name):
                    return new Binder.Argument(lambda);
                case With scope when ReferenceEquals(scope.Body, child):
                    with ??= new Binder.With(scope);
                    break;
            }
        }

        return with;
    }

    /// <summary>How many environments further in <paramref name="inner"/> runs than <paramref name="outer"/>; null when it is not inside.</summary>
    public int? FramesBetween(Expression outer, Expression inner)
    {
        var count = 0;
        for (var child = inner; !ReferenceEquals(child, outer); child = Parent(child)!)
        {
            if (Parent(child) is not { } parent)
            {
                return null;
            }

            count += parent switch
            {
                LetIn => CodeOf(parent) is LetCode ? 1 : 0,
                With with => ReferenceEquals(with.Body, child) ? 1 : 0,
                Lambda lambda => ReferenceEquals(Head(lambda).Head, lambda) ? 1 : 0,
                AttributeSet { IsRecursive: true } => 1,
                AttributeSet set => set.Bindings.InheritSources.Contains(child) ? 1 : 0,
                _ => 0,
            };
        }

        return count;
    }

    private void Visit()
    {
        var pending = new Stack<Expression>([Root]);
        while (pending.TryPop(out var next))
        {
            Expressions.Add(next);
            Enter(CodeOf(next)?.Position ?? next.Start, next);
            if (next is Select select)
            {
                for (var i = 0; i < select.Path.Length; i++)
                {
                    _steps.TryAdd(select.Path[i].Start, (select, i));
                }
            }

            if (((next as AttributeSet)?.Bindings ?? (next as LetIn)?.Bindings) is { } bindings)
            {
                foreach (var item in bindings.Items)
                {
                    _bindings.TryAdd(item.Start, (item, next as AttributeSet));
                    if (item is Binding.Plain plain)
                    {
                        _boundBy.TryAdd(plain.Value, item);
                    }
                }
            }

            foreach (var child in Children(next).Reverse())
            {
                _parents.TryAdd(child, next);
                pending.Push(child);
            }
        }
    }

    private void Enter(int position, Expression expression)
    {
        if (!_at.TryGetValue(position, out var here))
        {
            _at[position] = here = [];
        }

        here.Add(expression);
    }

    /// <summary>The expressions directly inside another.</summary>
    public static IEnumerable<Expression> Children(Expression expression) => expression switch
    {
        Interpolation parts => parts.Parts,
        Select select => [select.Target, .. Names(select.Path), .. select.Fallback is null ? [] : (Expression[])[select.Fallback]],
        HasAttribute has => [has.Target, .. Names(has.Path)],
        AttributeSet set => Inside(set.Bindings),
        LetIn let => [.. Inside(let.Bindings), let.Body],
        ListLiteral list => list.Items,
        With with => [with.Scope, with.Body],
        Assert assert => [assert.Condition, assert.Body],
        Conditional choice => [choice.Condition, choice.Then, choice.Else],
        Lambda lambda => [.. lambda.Formals?.Items.Select(f => f.Default).OfType<Expression>() ?? [], lambda.Body],
        Call call => [call.Function, .. call.Arguments],
        Not not => [not.Operand],
        Negate negate => [negate.Operand],
        Operation operation => [operation.Left, operation.Right],
        _ => [],
    };

    private static IEnumerable<Expression> Names(IEnumerable<AttributeName> path) => path.Select(n => n.Dynamic).OfType<Expression>();

    private static IEnumerable<Expression> Inside(Bindings bindings) =>
    [
        .. bindings.InheritSources,
        .. bindings.Items.OfType<Binding.Plain>().Select(b => b.Value),
        .. bindings.Dynamic.SelectMany(d => (Expression[])[d.Name, d.Value]),
    ];
}

/// <summary>What gives a variable its value.</summary>
internal abstract record Binder
{
    private Binder() { }

    /// <summary><c>let</c> or <c>rec</c></summary>
    public sealed record Recursive(Expression Owner, Bindings Bindings, Binding Item) : Binder;

    /// <summary>An attribute that a function takes.</summary>
    public sealed record Formal(Lambda Function, Syntax.Trees.Formal Item) : Binder;

    /// <summary>The argument of a function as a whole.</summary>
    public sealed record Argument(Lambda Function) : Binder;

    /// <summary>Perhaps a <c>with</c>.</summary>
    public sealed record With(Syntax.Trees.With Scope) : Binder;
}
