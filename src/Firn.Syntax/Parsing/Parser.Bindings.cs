using System.Runtime.CompilerServices;
using Firn.Syntax.Text;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>Sets: <c>a.b = c;</c>, <c>inherit</c>, attribute paths, and how several definitions make one set.</summary>
public sealed partial class Parser
{
    private ScratchStack<BindingsBuilder> _spareBuilders = new();

    private BindingsBuilder NewBindings(int start)
    {
        var builder = _spareBuilders.Count > 0 ? _spareBuilders.Pop() : new BindingsBuilder();
        builder.Reset(At(start));
        return builder;
    }

    private AttributeSet Freeze(BindingsBuilder builder, int end)
    {
        builder.End = At(end);
        return builder.Freeze();
    }

    private void Recycle(BindingsBuilder builder)
    {
        builder.Reset(0);
        _spareBuilders.Push(builder);
    }

    private Expression ParseSet(int start, bool isRecursive)
    {
        var open = _lexer.Start;
        Expect(TokenKind.LeftBrace);
        var builder = NewBindings(start);
        (builder.IsRecursive, builder.BindsVariables) = (isRecursive, isRecursive);
        var uses = _variables.Enter();
        ParseBindings(builder, TokenKind.RightBrace, open);
        if (isRecursive)
        {
            Leave(builder, uses);
        }

        var set = _isSkimming ? _skimmed : Freeze(builder, _lexer.End);
        Recycle(builder);
        _lexer.Next();
        return set;
    }

    /// <summary>Leaves the scope of the variables that the attributes of a set or <c>let</c> are.</summary>
    private void Leave(BindingsBuilder builder, int uses)
    {
        _variables.BeginLeaving();
        foreach (ref readonly var item in builder.Items)
        {
            _variables.Bind(item.Name);
        }

        _variables.Leave(uses);
        foreach (ref readonly var item in builder.Items)
        {
            if (item.Kind == BindingsBuilder.ItemKind.Inherited)
            {
                _variables.Use(item.Name);
            }
        }
    }

    /// <summary>Reads definitions up to the token that closes them; <paramref name="open"/> is where they were opened.</summary>
    private void ParseBindings(BindingsBuilder builder, TokenKind close, int open)
    {
        GuardStack();
        while (_lexer.Kind != close)
        {
            switch (_lexer.Kind)
            {
                case TokenKind.Inherit:
                    ParseInherit(builder);
                    break;
                case TokenKind.Identifier or TokenKind.Or or TokenKind.Quote or TokenKind.DollarBrace:
                    ParseBinding(builder, close, open);
                    break;
                default:
                    throw NotABinding(close, open);
            }
        }
    }

    private void ParseBinding(BindingsBuilder builder, TokenKind close, int open)
    {
        var (start, docStart, docEnd) = (_lexer.Start, _lexer.DocStart, _lexer.DocEnd);
        var floor = _names.Count;
        ParseAttributePath();
        if (_lexer.Kind != TokenKind.Assign)
        {
            throw NoAssignment(start, close, open);
        }

        _lexer.Next();
        var value = ParseValue();
        if (_lexer.Kind != TokenKind.Semicolon)
        {
            throw NoSemicolonAfter(start, _names.Above(floor), value);
        }

        Define(builder, _names.Above(floor), At(start), value);
        _names.DropTo(floor);
        if (docStart >= 0 && !_isSkimming)
        {
            Document(value, docStart, docEnd);
        }

        _lexer.Next();
    }

    private void ParseInherit(BindingsBuilder builder)
    {
        _lexer.Next();
        var source = -1;
        if (_lexer.Kind == TokenKind.LeftParenthesis)
        {
            source = builder.AddSource(ParseParentheses());
        }

        _lastItem = (-1, -1, -1);
        while (_lexer.Kind != TokenKind.Semicolon)
        {
            var (start, before) = (_lexer.Start, _lexer.PreviousEnd);
            var name = _lexer.Kind is TokenKind.Identifier or TokenKind.Or or TokenKind.Quote or TokenKind.DollarBrace
                ? ParseAttributeName()
                : throw NotInherited();
            if (name.Name is not { } symbol)
            {
                throw DynamicInInherit(start);
            }

            var place = builder.Find(symbol);
            if (place >= 0)
            {
                throw DuplicateAttribute([name], At(start), builder.Items[place].Start);
            }

            if (source < 0 && !builder.BindsVariables)
            {
                _variables.Use(symbol);
            }

            builder.Add(new BindingsBuilder.Item(
                symbol, At(start),
                source >= 0 ? BindingsBuilder.ItemKind.InheritedFrom : BindingsBuilder.ItemKind.Inherited,
                null, null, source));
            _lastItem = (start, before, _lexer.PreviousEnd);
        }

        _lexer.Next();
    }

    /// <summary>Pushes the names of <c>a.b."c".${d}</c> onto the stack of names.</summary>
    private void ParseAttributePath()
    {
        while (true)
        {
            // Not in one expression: reading a name may use the stack.
            var name = ParseAttributeName();
            _names.Push(name);
            if (_lexer.Kind != TokenKind.Dot)
            {
                return;
            }

            _lexer.Next();
        }
    }

    private AttributeName ParseAttributeName()
    {
        var (start, end) = (At(_lexer.Start), At(_lexer.End));
        switch (_lexer.Kind)
        {
            case TokenKind.Identifier or TokenKind.Or:
                return new AttributeName(TakeSymbol(), null, start, end);
            case TokenKind.Quote:
                return ParseQuotedName();
            case TokenKind.DollarBrace:
                var open = _lexer.Start;
                _lexer.Next();
                var isSkimming = _isSkimming;
                _isSkimming = false;
                var name = ParseExpression();
                _isSkimming = isSkimming;
                CloseInterpolation(open);
                _lexer.Next();
                return MakeName(name, start, PreviousEnd);
            default:
                throw NotAName();
        }
    }

    private AttributeName MakeName(Expression name, int start, int end) => name is StringLiteral literal
        ? new AttributeName(_symbols.Intern(literal.Value), null, start, end)
        : new AttributeName(null, name, start, end);

    private void Define(BindingsBuilder builder, ReadOnlySpan<AttributeName> path, int start, Expression value)
    {
        var target = builder;
        for (var i = 0; i < path.Length - 1; i++)
        {
            target = Descend(target, path, i, start, value.End);
        }

        if (path[^1].Name is not { } last)
        {
            target.Dynamic.Add(new BindingsBuilder.DynamicItem(path[^1].Dynamic!, start, value, null));
            return;
        }

        var place = target.Find(last);
        if (place < 0)
        {
            NameFunctions(value, last);
            target.Add(new BindingsBuilder.Item(last, start, BindingsBuilder.ItemKind.Plain, value, null, 0));
        }
        else if (value is AttributeSet set && Open(target, place) is { } inner)
        {
            Merge(inner, path.ToArray(), set);
        }
        else
        {
            throw DuplicateAttribute(path, start, target.Items[place].Start);
        }
    }

    /// <summary>Returns the set that the name at <paramref name="step"/> of a path leads to, made when it is not there.</summary>
    private BindingsBuilder Descend(
        BindingsBuilder target, ReadOnlySpan<AttributeName> path, int step, int start, int end)
    {
        if (path[step].Name is not { } name)
        {
            var computed = NewNested(start, end);
            target.Dynamic.Add(new BindingsBuilder.DynamicItem(path[step].Dynamic!, start, null, computed));
            return computed;
        }

        var place = target.Find(name);
        if (place >= 0)
        {
            return Open(target, place)
                ?? throw DuplicateAttribute(path[..(step + 1)], start, target.Items[place].Start);
        }

        var nested = NewNested(start, end);
        target.Add(new BindingsBuilder.Item(name, start, BindingsBuilder.ItemKind.Nested, null, nested, 0));
        return nested;
    }

    private BindingsBuilder? Open(BindingsBuilder builder, int place)
    {
        // What is added to `rec { … }` sees the variables there, which its text does not show.
        _variables.IsCertain &= builder.Items[place].Value is not AttributeSet { IsRecursive: true };
        return builder.Open(place);
    }

    private static BindingsBuilder NewNested(int start, int end)
    {
        var nested = new BindingsBuilder();
        nested.Reset(start);
        nested.End = end;
        return nested;
    }

    /// <summary>Adds the attributes of a second definition of the same set; a <c>rec</c> on it is lost, as upstream loses it.</summary>
    private void Merge(BindingsBuilder target, AttributeName[] path, AttributeSet set)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _variables.IsCertain &= !set.IsRecursive;
        var bindings = set.Bindings;
        var sources = new int[bindings.InheritSources.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            sources[i] = target.AddSource(bindings.InheritSources[i]);
        }

        foreach (var binding in bindings.Items)
        {
            AttributeName[] inner = [.. path, new AttributeName(binding.Name, null, binding.Start, binding.Start)];
            var place = target.Find(binding.Name);
            if (place < 0)
            {
                target.Add(binding switch
                {
                    Binding.Plain plain => new BindingsBuilder.Item(
                        plain.Name, plain.Start, BindingsBuilder.ItemKind.Plain, plain.Value, null, 0),
                    Binding.InheritedFrom from => new BindingsBuilder.Item(
                        from.Name, from.Start, BindingsBuilder.ItemKind.InheritedFrom, null, null, sources[from.Source]),
                    _ => new BindingsBuilder.Item(
                        binding.Name, binding.Start, BindingsBuilder.ItemKind.Inherited, null, null, 0),
                });
            }
            else if (binding is Binding.Plain { Value: AttributeSet value } && Open(target, place) is { } open)
            {
                Merge(open, inner, value);
            }
            else
            {
                throw DuplicateAttribute(inner, binding.Start, target.Items[place].Start);
            }
        }

        foreach (var dynamic in bindings.Dynamic)
        {
            target.Dynamic.Add(new BindingsBuilder.DynamicItem(dynamic.Name, dynamic.Start, dynamic.Value, null));
        }
    }

    /// <summary>Tells a function, and the functions it returns, what it was bound to.</summary>
    private static void NameFunctions(Expression value, Symbol name)
    {
        if (value is Deferred deferred)
        {
            deferred.Name = name;
        }

        for (var lambda = value as Lambda; lambda is not null; lambda = lambda.Body as Lambda)
        {
            lambda.Name = name;
        }
    }
}
