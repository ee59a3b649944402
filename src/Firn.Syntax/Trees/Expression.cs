using System.Collections.Immutable;
using Firn.Syntax.Text;

namespace Firn.Syntax.Trees;

/// <summary>A parsed expression; positions are global, as <see cref="SourceTable"/> gives them out.</summary>
/// <param name="start">The position that messages about the expression name.</param>
/// <param name="end">The position behind its last byte.</param>
public abstract class Expression(int start, int end)
{
    public int Start { get; } = start;

    public int End { get; } = end;
}

/// <summary><c>42</c></summary>
public sealed class IntegerLiteral(int start, int end, long value) : Expression(start, end)
{
    public long Value { get; } = value;
}

/// <summary><c>4.2</c></summary>
public sealed class FloatLiteral(int start, int end, double value) : Expression(start, end)
{
    public double Value { get; } = value;
}

/// <summary>A string without interpolation (escapes decoded, indentation stripped), or an unquoted URI.</summary>
public sealed class StringLiteral(int start, int end, byte[] value) : Expression(start, end)
{
    public byte[] Value { get; } = value;
}

/// <summary>A path without interpolation, made absolute and canonical against the source's base directory.</summary>
public sealed class PathLiteral(int start, int end, string path) : Expression(start, end)
{
    public string Path { get; } = path;
}

/// <summary>A string or path with interpolations, or a sum with <c>+</c>.</summary>
/// <param name="start">The position that messages about the expression name.</param>
/// <param name="end">The position behind its last byte.</param>
/// <param name="parts">In order; a path starts with a <see cref="PathLiteral"/> part.</param>
/// <param name="isString">Whether it was written with quotes: then each part is coerced to a string.</param>
public sealed class Interpolation(int start, int end, ImmutableArray<Expression> parts, bool isString) : Expression(start, end)
{
    public ImmutableArray<Expression> Parts { get; } = parts;

    public bool IsString { get; } = isString;
}

/// <summary>A variable.</summary>
public sealed class Identifier(int start, int end, Symbol name) : Expression(start, end)
{
    public Symbol Name { get; } = name;
}

/// <summary><c>__curPos</c></summary>
public sealed class CurrentPosition(int start, int end) : Expression(start, end);

/// <summary><c>target.a.b or fallback</c></summary>
public sealed class Select(int start, int end, Expression target, ImmutableArray<AttributeName> path, Expression? fallback)
    : Expression(start, end)
{
    public Expression Target { get; } = target;

    public ImmutableArray<AttributeName> Path { get; } = path;

    public Expression? Fallback { get; } = fallback;
}

/// <summary><c>target ? a.b</c></summary>
public sealed class HasAttribute(int start, int end, Expression target, ImmutableArray<AttributeName> path) : Expression(start, end)
{
    public Expression Target { get; } = target;

    public ImmutableArray<AttributeName> Path { get; } = path;
}

/// <summary>One step of an attribute path: a name known at once, or an expression that gives it.</summary>
public readonly record struct AttributeName(Symbol? Name, Expression? Dynamic, int Start, int End);

/// <summary><c>{ … }</c> or <c>rec { … }</c></summary>
public sealed class AttributeSet(int start, int end, bool isRecursive, Bindings bindings) : Expression(start, end)
{
    public bool IsRecursive { get; } = isRecursive;

    public Bindings Bindings { get; } = bindings;
}

/// <summary><c>let … in body</c></summary>
public sealed class LetIn(int start, int end, Bindings bindings, Expression body) : Expression(start, end)
{
    public Bindings Bindings { get; } = bindings;

    public Expression Body { get; } = body;
}

/// <summary><c>[ … ]</c></summary>
public sealed class ListLiteral(int start, int end, ImmutableArray<Expression> items) : Expression(start, end)
{
    public ImmutableArray<Expression> Items { get; } = items;
}

/// <summary><c>with scope; body</c></summary>
public sealed class With(int start, int end, Expression scope, Expression body) : Expression(start, end)
{
    public Expression Scope { get; } = scope;

    public Expression Body { get; } = body;
}

/// <summary><c>assert condition; body</c></summary>
public sealed class Assert(int start, int end, Expression condition, Expression body) : Expression(start, end)
{
    public Expression Condition { get; } = condition;

    public Expression Body { get; } = body;
}

/// <summary><c>if condition then … else …</c></summary>
public sealed class Conditional(int start, int end, Expression condition, Expression then, Expression @else) : Expression(start, end)
{
    public Expression Condition { get; } = condition;

    public Expression Then { get; } = then;

    public Expression Else { get; } = @else;
}

/// <summary><c>x: body</c>, <c>{ a, b ? c, ... } @ x: body</c></summary>
/// <param name="start">The position that messages about the expression name.</param>
/// <param name="end">The position behind its last byte.</param>
/// <param name="argument">The name for the whole argument, or null.</param>
/// <param name="formals">The attributes it is taken apart into, or null.</param>
/// <param name="body">What is evaluated at a call.</param>
public sealed class Lambda(int start, int end, Symbol? argument, Formals? formals, Expression body) : Expression(start, end)
{
    public Symbol? Argument { get; } = argument;

    public Formals? Formals { get; } = formals;

    public Expression Body { get; } = body;

    /// <summary>The attribute or variable that the function was bound to where it was written; for messages.</summary>
    public Symbol? Name { get; set; }

    /// <summary>The text of the documentation comment in front, or null.</summary>
    public (int Start, int End)? DocComment { get; set; }
}

/// <summary>The attributes that a function takes, in source order.</summary>
public sealed record Formals(ImmutableArray<Formal> Items, bool HasEllipsis);

/// <summary>One attribute that a function takes.</summary>
public sealed record Formal(Symbol Name, int Start, Expression? Default);

/// <summary><c>function argument …</c></summary>
public sealed class Call(int start, int end, Expression function, ImmutableArray<Expression> arguments) : Expression(start, end)
{
    public Expression Function { get; } = function;

    public ImmutableArray<Expression> Arguments { get; } = arguments;
}

/// <summary><c>!operand</c></summary>
public sealed class Not(int start, int end, Expression operand) : Expression(start, end)
{
    public Expression Operand { get; } = operand;
}

/// <summary><c>-operand</c></summary>
public sealed class Negate(int start, int end, Expression operand) : Expression(start, end)
{
    public Expression Operand { get; } = operand;
}

/// <summary>Two operands and an operator; <c>+</c> is an <see cref="Interpolation"/>.</summary>
/// <param name="start">The position of the operator, which messages name.</param>
/// <param name="end">The position behind the last byte of the whole.</param>
/// <param name="op">Which operator.</param>
/// <param name="left">The left operand.</param>
/// <param name="right">The right operand.</param>
public sealed class Operation(int start, int end, Operator op, Expression left, Expression right) : Expression(start, end)
{
    public Operator Operator { get; } = op;

    public Expression Left { get; } = left;

    public Expression Right { get; } = right;
}

/// <summary>The value of an attribute that was left for later: <see cref="Firn.Syntax.Parsing.Parser.ParseValue(Firn.Syntax.Parsing.SkimmedSource, int, Symbol)"/> parses it.</summary>
public sealed class Deferred(int start, int end) : Expression(start, end)
{
    /// <summary>The attribute or variable that it is bound to.</summary>
    public Symbol? Name { get; set; }
}

/// <summary>The operators that take two operands.</summary>
public enum Operator
{
    Equal,
    NotEqual,
    LessThan,
    LessOrEqual,
    GreaterThan,
    GreaterOrEqual,
    And,
    Or,
    Implies,
    Update,
    Concatenate,
    Subtract,
    Multiply,
    Divide,
}
