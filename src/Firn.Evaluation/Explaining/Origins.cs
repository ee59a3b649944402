using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Finds where a value came from: which literal, attribute or argument, through variables and calls.</summary>
internal sealed partial class Origins(Evaluator eval, Trees trees, Calls calls)
{
    private const int MaxSteps = 40;

    /// <summary>Follows an expression to where its value was made; the last place that is the user's own counts.</summary>
    /// <param name="node">Where the value was needed.</param>
    /// <param name="followsThings">Whether a variable that is bound to a set, function or list is followed into it.</param>
    public Origin Trace(Node node, bool followsThings) => Follow(Define(node, followsThings), At(node, null), followsThings);

    /// <summary>Follows a definition; <paramref name="best"/> is what is known before.</summary>
    public Origin Follow(Definition? definition, Origin best, bool followsThings)
    {
        for (var steps = 0; steps < MaxSteps && definition is not null; steps++)
        {
            if (!followsThings && definition is { Kind: DefinitionKind.Variable, Value.Expression: var thing }
                && thing is ListLiteral or Syntax.Trees.AttributeSet or Lambda or Call or LetIn or With)
            {
                break;
            }

            var next = definition.Value is { } value && definition.Value.Tree.Source.Bytes.Length > 0
                ? At(value, definition.Name) with { NamePosition = definition.Position }
                : new Origin(definition.Position, definition.Position + (definition.Name?.Length ?? 0), definition.Name, null) { NamePosition = definition.Position };
            next = next with { Kind = definition.Kind, Name = definition.Kind == DefinitionKind.File ? best.Name : next.Name };
            if (trees.IsOwn(next.Start) || !trees.IsOwn(best.Start))
            {
                best = next;
            }

            if (definition.Value is null)
            {
                break;
            }

            definition = Define(definition.Value, followsThings);
        }

        return best;
    }

    /// <summary>Goes one step from a variable or selection towards what it means.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="reads">Whether what is not known is read off what other files say.</param>
    public Definition? Define(Node node, bool reads = true) => node.Expression switch
    {
        Identifier variable => DefineVariable(node, variable.Name, variable, node.Tree.CodeOf(variable)),
        Select { Fallback: null } select => DefineSelection(node, select, select.Path.Length, reads),
        Call { Function: var function, Arguments: [.., var list, var index] } call when NameOf(function) is "elemAt" && call.Arguments.Length == 2
            && Peek(node with { Expression = index }).AsInt is { } number => DefineItem(node with { Expression = list }, (int)number),
        Call { Function: var function, Arguments: [var list] } when NameOf(function) is "head" => DefineItem(node with { Expression = list }, 0),
        Call { Function: var function, Arguments: [var file] } when reads && NameOf(function) is "import" => DefineFile(node with { Expression = file }),
        _ => null,
    };

    /// <summary>Where the value of <c>target.a.b</c> was written, for so many names of the path.</summary>
    public Definition? DefineSelection(Node node, Select select, int steps, bool reads = true)
    {
        if (steps == 0)
        {
            return Define(node with { Expression = select.Target }, reads);
        }

        var set = PeekSelection(node, select, steps - 1).AsSet;
        var name = NameAt(node, select.Path[steps - 1]);
        if (set is { } known && name is not null && known.FindEntry(name.Id) is var (_, position) && position > 0)
        {
            return AtPosition(position, name, DefinitionKind.Attribute);
        }

        // The set itself may be written out somewhere in sight.
        var written = set is null ? Written(node with { Expression = select.Target }, reads) : null;
        for (var i = 0; i < steps - 1 && written is not null; i++)
        {
            written = NameAt(node, select.Path[i]) is { } step && DefineAttribute(written, step)?.Value is { } value ? Written(value, reads) : null;
        }

        return written is not null && name is not null ? DefineAttribute(written, name) : null;
    }

    /// <summary>Where an attribute of a set that is written out gets its value.</summary>
    public Definition? DefineAttribute(Node literal, Symbol name)
    {
        var set = (Syntax.Trees.AttributeSet)literal.Expression;
        switch (set.Bindings.Items.FirstOrDefault(b => ReferenceEquals(b.Name, name)))
        {
            case Binding.Plain plain when literal.Inner(plain.Value) is { } inner:
                return new Definition(inner, plain.Start, name.ToString(), DefinitionKind.Attribute);
            case Binding.InheritedFrom inherited when literal.Inner(set.Bindings.InheritSources[inherited.Source]) is { } source:
                return Peek(source).AsSet is { } known
                    ? known.FindEntry(name.Id) is var (_, position) && position > 0 ? AtPosition(position, name, DefinitionKind.Attribute) : null
                    : Written(source, reads: true) is { } other ? DefineAttribute(other, name) : null;
            default:
                return null;
        }
    }

    // Follows an expression to a set that is written out.
    private Node? Written(Node? node, bool reads)
    {
        for (var steps = 0; steps < MaxSteps && node is not null and not { Expression: Syntax.Trees.AttributeSet }; steps++)
        {
            node = Define(node, reads)?.Value;
        }

        return node?.Expression is Syntax.Trees.AttributeSet ? node : null;
    }

    // What a file that is imported gives, unless that is a function.
    private Definition? DefineFile(Node file)
    {
        var path = (file.Expression as PathLiteral)?.Path ?? Peek(file)?.AsPath;
        if (path is null || eval.Sources.All().LastOrDefault(s => s.Origin.ToString() is var name && (name == path || name == path + "/default.nix")) is not { } source
            || trees.For(source) is not { } tree)
        {
            return null;
        }

        var result = tree.Root;
        while (result is LetIn or With or Assert)
        {
            result = result switch { LetIn let => let.Body, With with => with.Body, Assert assert => assert.Body, _ => result };
        }

        return result is Lambda ? null : new Definition(Node.WithoutEnvironment(tree, result), SourceTree.StartOf(result), null, DefinitionKind.File);
    }

    /// <summary>Where the set entry, list item or variable at <paramref name="position"/> gets its value.</summary>
    public Definition AtPosition(int position, Symbol name, DefinitionKind kind)
    {
        var tree = trees.For(position);
        return tree?.BindingAt(position) switch
        {
            Binding.Plain plain => new Definition(Node.WithoutEnvironment(tree, plain.Value), position, name.ToString(), kind),
            Binding.Inherited inherited when tree.FindBinder(inherited.Name, OwnerOf(tree, position)) is Binder.Recursive { Item: Binding.Plain { Value: IntegerLiteral or StringLiteral or FloatLiteral } plain } =>
                new Definition(Node.WithoutEnvironment(tree, plain.Value), plain.Start, name.ToString(), kind),
            Binding.InheritedFrom when OwnerOf(tree, position) is Syntax.Trees.AttributeSet set && DefineAttribute(Node.WithoutEnvironment(tree, set), name) is { } source => source with { Kind = kind },
            _ => new Definition(null, position, name.ToString(), kind),
        };
    }

    /// <summary>Where an item of a list was written.</summary>
    public Definition? DefineItem(Node list, int index)
    {
        switch (list.Expression)
        {
            case ListLiteral literal:
                return index < literal.Items.Length
                    ? new Definition(list with { Expression = literal.Items[index] }, SourceTree.StartOf(literal.Items[index]), null, DefinitionKind.Item)
                    : null;
            case Operation { Operator: Operator.Concatenate } sum:
                var left = CountOf(list with { Expression = sum.Left });
                return left is not { } count ? null
                    : index < count ? DefineItem(list with { Expression = sum.Left }, index)
                    : DefineItem(list with { Expression = sum.Right }, index - count);
            case Call { Arguments: [_, var items] } call when NameOf(call.Function) is "map" or "imap0" or "imap1" or "forEach":
                return DefineItem(list with { Expression = NameOf(call.Function) == "forEach" ? call.Arguments[0] : items }, index);
            default:
                return Define(list) is { } definition ? definition.Value is { } value ? DefineItem(value, index) : null : null;
        }
    }

    private Definition? DefineVariable(Node node, Symbol name, Expression from, Code? code)
    {
        var depth = (code as LocalCode)?.Depth;
        switch (node.Tree.FindBinder(name, from))
        {
            case Binder.Recursive(var owner, var bindings, var item):
                var (environment, missing) = depth is { } known ? node.Out(known) : (null, 0);
                var place = new Node(node.Tree, owner, environment, missing);
                return item switch
                {
                    Binding.Plain plain => new Definition(place with { Expression = plain.Value }, item.Start, name.ToString(), DefinitionKind.Variable),
                    Binding.InheritedFrom inherited => Forced(Peek(place with { Expression = bindings.InheritSources[inherited.Source] })).AsSet is { } set
                        && set.FindEntry(name.Id) is var (_, position) && position > 0
                            ? AtPosition(position, name, DefinitionKind.Attribute)
                            : new Definition(null, item.Start, name.ToString(), DefinitionKind.Variable),
                    _ => DefineVariable(place, name, owner, node.Tree.CodeOf(item)) ?? new Definition(null, item.Start, name.ToString(), DefinitionKind.Variable),
                };
            case Binder.Formal(var function, var formal):
                return DefineFormal(node, function, formal, depth);
            case Binder.Argument(var function) when depth is { } steps:
                return DefineArgument(node, function, steps);
            case Binder.With when code is WithVariableCode with:
                foreach (var scope in with.Scopes)
                {
                    if (Forced(node.Look(scope, 1)).AsSet is { } set && set.FindEntry(name.Id) is var (_, position))
                    {
                        return position > 0 ? AtPosition(position, name, DefinitionKind.Attribute) : null;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    private Definition? DefineFormal(Node node, Lambda function, Formal formal, int? depth)
    {
        if (depth is not { } known)
        {
            return null;
        }

        var (head, index) = node.Tree.Head(function);
        if (Forced(node.Look(known, 1 + index)).AsSet is { } set && set.FindEntry(formal.Name.Id) is var (_, position))
        {
            return position > 0 ? AtPosition(position, formal.Name, DefinitionKind.Argument) : null;
        }

        var (environment, missing) = node.Out(known);
        _ = head;
        return environment is not null && missing == 0 && formal.Default is not null
            ? new Definition(new Node(node.Tree, formal.Default, environment, 0), formal.Start, formal.Name.ToString(), DefinitionKind.Default)
            : null;
    }

    private Definition? DefineArgument(Node node, Lambda function, int depth)
    {
        if (node.Out(depth) is not ({ } environment, 0))
        {
            return null;
        }

        var (head, index) = node.Tree.Head(function);
        Value? value = 1 + index < environment.Length && !environment[1 + index].IsEmpty ? environment[1 + index].Value : null;
        var frame = calls.FrameOf(environment);
        if (frame >= 0 && calls.CallAt(frame) is { Expression: Call call } caller)
        {
            var offset = Forced(Peek(caller with { Expression = call.Function })) switch
            {
                { AsClosure: { } closure } when closure.Code.Position == head.Start => 0,
                { AsPartial: { Function.AsClosure: { } inner } given } when inner.Code.Position == head.Start => -given.Arguments.Length,
                _ => call.Arguments.Length - SourceTree.Arity(head),
            };
            if (index + offset >= 0 && index + offset < call.Arguments.Length)
            {
                var argument = call.Arguments[index + offset];
                return new Definition(caller with { Expression = argument }, SourceTree.StartOf(argument), function.Argument?.ToString(), DefinitionKind.Argument);
            }
        }

        if (frame > 0 && calls.ThunkAt(frame - 1)?.MappedItem is ({ AsSet: { } from }, var place) && place < from.Count)
        {
            var symbol = eval.Symbols[from.Shape.Symbols[place]];
            if (value is { AsString: { } text } && text.ToString() == symbol.ToString())
            {
                return from.FindPosition(symbol) is > 0 and var written ? new Definition(null, written, symbol.ToString(), DefinitionKind.Name) : null;
            }

            return from.FindPosition(symbol) is > 0 and var position ? AtPosition(position, symbol, DefinitionKind.Attribute) : null;
        }

        return value is null
            ? null
            : FindMention(value.Value, frame >= 0 ? frame - 1 : calls.Count - 1)
                ?? FindCaller(new Node(node.Tree, head, environment.Outer is { Length: > 0 } outer ? outer : null, 0), value.Value);
    }

    // `map f list` may be over when an item is computed: then the calls that pass the function on tell where the list is.
    private Definition? FindCaller(Node function, Value value)
    {
        var name = function.Tree.BindingOf(function.Expression)?.Name;
        foreach (var call in function.Tree.Expressions.OfType<Call>())
        {
            if (call.Arguments.Any(a => ReferenceEquals(a, function.Expression) || (a is Identifier variable && ReferenceEquals(variable.Name, name)))
                && Relocate(function, call) is { } caller)
            {
                foreach (var mention in call.Arguments.SelectMany(a => Mentions(caller with { Expression = a })))
                {
                    if (Contains(mention, value) is { } definition)
                    {
                        return definition;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Gives an expression elsewhere in a source the environment that it shares with a node.</summary>
    private static Node? Relocate(Node node, Expression expression)
    {
        for (var (child, at) = (node.Expression, node.Tree.Parent(node.Expression)); at is not null; (child, at) = (at, node.Tree.Parent(at)))
        {
            if (node.Tree.FramesBetween(at, expression) is { } inwards)
            {
                var own = node.Tree.FramesBetween(at, child) ?? 0;
                var (environment, missing) = node.Out((node.Tree.FramesBetween(at, node.Expression) ?? 0) - own);
                return new Node(node.Tree, expression, environment, missing + Math.Max(0, inwards - own));
            }
        }

        return null;
    }

    public static Origin At(Node node, string? name) =>
        new(SourceTree.StartOf(node.Expression), node.Expression.End, name ?? (node.Expression as Identifier)?.Name.ToString(), node);

    private Symbol? NameAt(Node node, AttributeName name) =>
        name.Name ?? (name.Dynamic is { } dynamic && Peek(node with { Expression = dynamic }).AsString is { } text ? eval.Symbols.Intern(text.Bytes) : null);

    private int? CountOf(Node node) => Peek(node).AsList is { } list ? list.Count : (node.Expression as ListLiteral)?.Items.Length;

    private static Expression OwnerOf(SourceTree tree, int position) =>
        tree.Bindings.First(b => b.Binding.Start == position).Set ?? tree.Root;

    /// <summary>The last name of a function such as <c>lib.lists.map</c>.</summary>
    public static string? NameOf(Expression function) => function switch
    {
        Identifier variable => variable.Name.ToString(),
        Select { Path: [.., { Name: { } last }] } => last.ToString(),
        _ => null,
    };

    /// <summary>Whether an expression is a number or string that is written out, and is this one.</summary>
    public static bool IsWritten(Expression expression, Value value) => expression switch
    {
        StringLiteral literal => value.AsString is { } text && text.Bytes.SequenceEqual(literal.Value),
        IntegerLiteral literal => value.AsInt == literal.Value,
        _ => false,
    };

    public static Value? Forced(Value? value) => value.AsThunk is { Result: { } result } ? result : value;

    public static bool IsSame(Value? a, Value? b)
    {
        // Lists, sets and strings are the same when they are in the same place.
        (a, b) = (Forced(a), Forced(b));
        return a is { } known && b == known;
    }
}
