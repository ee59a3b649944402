using System.Collections.Immutable;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;
using Firn.Syntax.Printing;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Syntax.Trees.AttributeSet;

namespace Firn.Evaluation.Scopes;

/// <summary>Turns a syntax tree into code: each variable becomes a place, each known name a shape.</summary>
/// <remarks>
/// Code that runs at once and at most once in an environment (<c>Tail</c>) may put the variables of a <c>let</c> into that
/// environment instead of making one of its own.
/// </remarks>
/// <param name="eval">Whose symbols and globals are meant.</param>
/// <param name="seen">Is told which code each expression and each inherited binding became; for messages.</param>
/// <param name="entered">Is told which scope each expression is in; for debuggers.</param>
internal sealed class Compiler(Evaluator eval, Action<object, Code>? seen = null, Action<Expression, Scope>? entered = null)
{
    /// <summary>Compiles what runs first in <paramref name="scope"/>.</summary>
    /// <exception cref="EvaluationException">A variable is not defined.</exception>
    public Code Tail(Expression expression, Scope scope) => Seen(Entered(expression, scope), expression switch
    {
        LetIn let => Let(let, scope.WithinFrame(), scope),
        Assert assert => new AssertCode(
            assert.Start, Compile(assert.Condition, scope), () => ExpressionPrinter.Print(assert.Condition), Tail(assert.Body, scope)),
        Conditional choice => new ConditionalCode(
            choice.Start, Compile(choice.Condition, scope), Tail(choice.Then, scope), Tail(choice.Else, scope)),
        _ => Compile(expression, scope),
    });

    /// <summary>Compiles what runs in <paramref name="scope"/>, perhaps more than once and perhaps late.</summary>
    /// <exception cref="EvaluationException">A variable is not defined.</exception>
    public Code Compile(Expression expression, Scope scope) => Seen(Entered(expression, scope), expression switch
    {
        IntegerLiteral literal => new ConstantCode(literal.Start, NixInt.Of(literal.Value)),
        FloatLiteral literal => new ConstantCode(literal.Start, NixFloat.Of(literal.Value)),
        StringLiteral literal => new ConstantCode(literal.Start, literal.Value.Length == 0 ? NixString.Empty : new NixString(literal.Value)),
        PathLiteral literal => new ConstantCode(literal.Start, NixPath.Of(literal.Path)),
        Interpolation parts => new InterpolationCode(parts.Start, All(parts.Parts, scope), parts.IsString),
        Identifier variable => Variable(variable, scope),
        CurrentPosition here => new PositionCode(here.Start),
        Select select => Select(select, scope),
        HasAttribute has => new HasAttributeCode(has.Start, Compile(has.Target, scope), Path(has.Path, scope)),
        AttributeSet set => Set(set, scope),
        LetIn let => Let(let, scope.WithFrame(), scope),
        ListLiteral { Items.IsEmpty: true } list => new ConstantCode(list.Start, NixList.Empty),
        ListLiteral list => new ListCode(list.Start, All(list.Items, scope)),
        With with => With(with, scope),
        Assert assert => new AssertCode(
            assert.Start, Compile(assert.Condition, scope), () => ExpressionPrinter.Print(assert.Condition), Compile(assert.Body, scope)),
        Conditional choice => new ConditionalCode(
            choice.Start, Compile(choice.Condition, scope), Compile(choice.Then, scope), Compile(choice.Else, scope)),
        Lambda lambda => Lambda(lambda, scope),
        Call call => Call(call, scope),
        Not not => new NotCode(not.Start, Compile(not.Operand, scope)),
        Negate negate => Arithmetic(
            negate.Start, Forcing.Arithmetic.Subtract, new ConstantCode(negate.Start, NixInt.Of(0)), Compile(negate.Operand, scope), scope),
        Operation operation => Operator(operation, scope),
        Deferred value => new DeferredCode(value.Start, value.Name, scope),
        _ => throw new InvalidOperationException($"{expression.GetType().Name} has no code"),
    });

    private Code Seen(object source, Code code)
    {
        seen?.Invoke(source, code);
        return Counters is { } counters && source is Expression expression and not Deferred && code is not CountedCode ? Counted(code, expression, counters) : code;
    }

    // A source that is compiled once more for a message does not count.
    private EvaluationCounters? Counters => seen is null ? eval.Counters : null;

    private static CountedCode Counted(Code code, Expression expression, EvaluationCounters counters)
    {
        counters.Expressions++;
        return new CountedCode(code, expression, counters);
    }

    private Expression Entered(Expression expression, Scope scope)
    {
        entered?.Invoke(expression, scope);
        return expression;
    }

    private Code[] All(ImmutableArray<Expression> expressions, Scope scope)
    {
        var codes = new Code[expressions.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = Compile(expressions[i], scope);
        }

        return codes;
    }

    private Code Variable(Identifier variable, Scope scope) => Variable(variable.Start, variable.Name, scope);

    private Code Variable(int position, Symbol name, Scope scope)
    {
        if (FindLocal(name, scope, out var withs) is var (depth, place))
        {
            return new LocalCode(position, name, depth, place);
        }

        if (eval.Globals.Find(name) is { } global)
        {
            return new ConstantCode(position, global);
        }

        return withs is not null
            ? new WithVariableCode(position, name, [.. withs], () => Visible(scope))
            : throw eval.UndefinedVariable(position, name, Visible(scope));
    }

    private static (int Depth, int Place)? FindLocal(Symbol name, Scope scope, out List<int>? withs)
    {
        withs = null;
        var depth = 0;
        for (var at = scope; at is not null; at = at.Parent)
        {
            if (at.IsWith)
            {
                (withs ??= []).Add(depth);
            }
            else if (at.TryFindHere(name, out var place))
            {
                return (depth, place);
            }

            depth += at.OwnsFrame ? 1 : 0;
        }

        return null;
    }

    private IEnumerable<Symbol> Visible(Scope scope)
    {
        for (var at = scope; at is not null; at = at.Parent)
        {
            foreach (var name in at.Names)
            {
                yield return name;
            }
        }

        foreach (var name in eval.Globals.Names)
        {
            yield return name;
        }
    }

    private Code Select(Select select, Scope scope)
    {
        var target = Compile(select.Target, scope);
        if (select.Fallback is not null)
        {
            return new SelectOrCode(select.Start, target, Path(select.Path, scope), Compile(select.Fallback, scope));
        }

        foreach (var step in select.Path)
        {
            target = step.Name is not null
                ? new SelectCode(step.Start, target, step.Name)
                : new SelectDynamicCode(step.Start, target, Compile(step.Dynamic!, scope));
        }

        return target;
    }

    private AttributePath Path(ImmutableArray<AttributeName> path, Scope scope) => new(
        [.. path.Select(step => new AttributePath.Step(step.Name, step.Dynamic is null ? null : Compile(step.Dynamic, scope), step.Start))]);

    private WithCode With(With with, Scope scope)
    {
        var inner = scope.ForWith();
        return new WithCode(with.Start, inner.Frame, Compile(with.Scope, scope), Tail(with.Body, inner));
    }

    private LambdaCode Lambda(Lambda lambda, Scope scope)
    {
        var inner = scope.WithFrame();
        var parameters = new List<Symbol?>();
        var last = lambda;
        while (last.Formals is null && last.Body is Lambda next)
        {
            parameters.Add(last.Argument);
            inner.Add(last.Argument!);
            last = next;
        }

        parameters.Add(last.Argument);
        if (last.Argument is null)
        {
            inner.AddUnnamed();
        }
        else
        {
            inner.Add(last.Argument);
        }

        Pattern? pattern = null;
        if (last.Formals is { } formals)
        {
            var places = formals.Items.Select(formal => inner.Add(formal.Name)).ToList();
            pattern = new Pattern(
                [.. formals.Items.Select((formal, i) => new PatternItem(
                    formal.Name, places[i], formal.Default is null ? null : Compile(formal.Default, inner), formal.Start))],
                formals.HasEllipsis);
        }

        return new LambdaCode(lambda.Start, lambda.Name, [.. parameters], pattern, inner.Frame, Tail(last.Body, inner));
    }

    private Code Call(Call call, Scope scope)
    {
        var function = Compile(call.Function, scope);
        return call.Arguments switch
        {
            _ when eval.CallObserver is not null => new ObservedCallCode(call.Start, function, All(call.Arguments, scope)),
            [var argument] => new Call1Code(call.Start, function, Compile(argument, scope)),
            [var first, var second] => new Call2Code(call.Start, function, Compile(first, scope), Compile(second, scope)),
            _ => new CallCode(call.Start, function, All(call.Arguments, scope)),
        };
    }

    private Code Operator(Operation operation, Scope scope)
    {
        var left = Compile(operation.Left, scope);
        var right = Compile(operation.Right, scope);
        var at = operation.Start;
        return operation.Operator switch
        {
            Syntax.Trees.Operator.Equal => new EqualCode(at, left, right, true),
            Syntax.Trees.Operator.NotEqual => new EqualCode(at, left, right, false),
            Syntax.Trees.Operator.LessThan => Less(at, left, right, false, scope),
            Syntax.Trees.Operator.GreaterOrEqual => Less(at, left, right, true, scope),
            Syntax.Trees.Operator.GreaterThan => Less(at, right, left, false, scope),
            Syntax.Trees.Operator.LessOrEqual => Less(at, right, left, true, scope),
            Syntax.Trees.Operator.And => new AndCode(at, left, right),
            Syntax.Trees.Operator.Or => new OrCode(at, left, right),
            Syntax.Trees.Operator.Implies => new ImpliesCode(at, left, right),
            Syntax.Trees.Operator.Update => new UpdateCode(at, left, right),
            Syntax.Trees.Operator.Concatenate => new ConcatenateCode(at, left, right),
            Syntax.Trees.Operator.Subtract => Arithmetic(at, Forcing.Arithmetic.Subtract, left, right, scope),
            Syntax.Trees.Operator.Multiply => Arithmetic(at, Forcing.Arithmetic.Multiply, left, right, scope),
            _ => Arithmetic(at, Forcing.Arithmetic.Divide, left, right, scope),
        };
    }

    // Upstream spells these operators as calls of variables, so a user's variable of that name takes their place.
    private Code Arithmetic(int position, Arithmetic operation, Code left, Code right, Scope scope)
    {
        var name = eval.Symbols.Intern(operation switch
        {
            Forcing.Arithmetic.Subtract => "__sub",
            Forcing.Arithmetic.Multiply => "__mul",
            _ => "__div",
        });
        return FindLocal(name, scope, out _) is null
            ? new ArithmeticCode(position, operation, left, right)
            : new Call2Code(position, Variable(position, name, scope), left, right);
    }

    private Code Less(int position, Code left, Code right, bool isNegated, Scope scope)
    {
        var name = eval.Symbols.Intern("__lessThan");
        if (FindLocal(name, scope, out _) is null)
        {
            return new LessCode(position, left, right, isNegated);
        }

        var call = new Call2Code(position, Variable(position, name, scope), left, right);
        return isNegated ? new NotCode(position, call) : call;
    }

    private Code Let(LetIn let, Scope inner, Scope outer)
    {
        var (placements, _) = Recursive(let.Bindings, inner, outer);
        var body = Tail(let.Body, inner);
        return inner.OwnsFrame
            ? new LetCode(let.Start, inner.Frame, placements, body)
            : new LetInFrameCode(let.Start, placements, body);
    }

    /// <summary>Compiles bindings that see each other; returns what is put where, and the place of each binding.</summary>
    private (Placement[] Placements, int[] Places) Recursive(Bindings bindings, Scope inner, Scope outer)
    {
        var outside = outer.SeenFrom(inner);
        var places = bindings.Items.Select(b => inner.Add(b.Name)).ToArray();
        var sources = bindings.InheritSources.Select(_ => inner.AddUnnamed()).ToArray();
        var placements = new List<Placement>();
        for (var i = 0; i < sources.Length; i++)
        {
            placements.Add(new Placement(sources[i], Compile(bindings.InheritSources[i], inner)));
        }

        for (var i = 0; i < places.Length; i++)
        {
            placements.Add(new Placement(places[i], bindings.Items[i] switch
            {
                Binding.Plain plain => Compile(plain.Value, inner),
                Binding.InheritedFrom from => FromSource(from, sources),
                var inherited => Seen(inherited, Variable(inherited.Start, inherited.Name, outside)),
            }));
        }

        return ([.. placements], places);
    }

    private static SelectCode FromSource(Binding.InheritedFrom from, int[] sources) =>
        new(from.Start, new LocalCode(from.Start, from.Name, 0, sources[from.Source]), from.Name);

    private Code Set(AttributeSet set, Scope scope)
    {
        var bindings = set.Bindings;
        if (bindings.Items.IsEmpty && bindings.Dynamic.IsEmpty)
        {
            return new ConstantCode(set.Start, Values.AttributeSet.Empty);
        }

        var order = Enumerable.Range(0, bindings.Items.Length).ToArray();
        Array.Sort(order, (a, b) => bindings.Items[a].Name.Id.CompareTo(bindings.Items[b].Name.Id));
        var shape = Shape.Make(
            (int[])[.. order.Select(i => bindings.Items[i].Name.Id)], (int[])[.. order.Select(i => bindings.Items[i].Start)]);
        if (set.IsRecursive)
        {
            return RecursiveSet(set, scope, order, shape);
        }

        if (bindings.InheritSources.IsEmpty && bindings.Dynamic.IsEmpty)
        {
            return new SetCode(set.Start, shape, [.. order.Select(i => Outer(bindings.Items[i]))]);
        }

        var inner = scope.WithFrame();
        var sources = bindings.InheritSources.Select(_ => inner.AddUnnamed()).ToArray();
        return new GeneralSetCode(
            set.Start, inner.Frame,
            [.. bindings.InheritSources.Select((source, i) => new Placement(sources[i], Compile(source, inner)))],
            shape,
            [.. order.Select(i => bindings.Items[i] is Binding.InheritedFrom from ? FromSource(from, sources) : Outer(bindings.Items[i]))],
            [.. order.Select(i => bindings.Items[i] is not Binding.InheritedFrom)],
            [.. bindings.Dynamic.Select(d => new DynamicAttribute(Compile(d.Name, scope), Compile(d.Value, scope), d.Start, IsOuter: true))],
            overrides: null);

        Code Outer(Binding binding) => binding is Binding.Plain plain
            ? Compile(plain.Value, scope)
            : Seen(binding, Variable(binding.Start, binding.Name, scope));
    }

    private GeneralSetCode RecursiveSet(AttributeSet set, Scope scope, int[] order, Shape shape)
    {
        var bindings = set.Bindings;
        var inner = scope.WithFrame();
        var (placements, places) = Recursive(bindings, inner, scope);
        var overrides = Array.FindIndex(order, i => ReferenceEquals(bindings.Items[i].Name, eval.Names.Overrides));
        return new GeneralSetCode(
            set.Start, inner.Frame, placements, shape,
            [.. order.Select(i => new LocalCode(bindings.Items[i].Start, bindings.Items[i].Name, 0, places[i]))],
            new bool[order.Length],
            [.. bindings.Dynamic.Select(d => new DynamicAttribute(Compile(d.Name, inner), Compile(d.Value, inner), d.Start, IsOuter: false))],
            overrides < 0 ? null : new Overrides(places[order[overrides]], [.. order.Select(i => places[i])]));
    }
}
