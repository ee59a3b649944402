using System.Collections.Immutable;
using Firn.Syntax.Text;

namespace Firn.Syntax.Trees;

/// <summary>What stands between the braces of a set or after <c>let</c>, nested paths and sets already merged.</summary>
/// <param name="Items">The attributes whose names are known, in the order they were written.</param>
/// <param name="Dynamic">The attributes whose names must be computed.</param>
/// <param name="InheritSources">The expressions in <c>inherit (source) …</c>; each is evaluated once at most.</param>
public sealed record Bindings(
    ImmutableArray<Binding> Items, ImmutableArray<DynamicBinding> Dynamic, ImmutableArray<Expression> InheritSources);

/// <summary>One attribute.</summary>
public abstract record Binding(Symbol Name, int Start)
{
    /// <summary><c>name = value;</c>: in a recursive set the value sees its siblings.</summary>
    public sealed record Plain(Symbol Name, int Start, Expression Value) : Binding(Name, Start);

    /// <summary><c>inherit name;</c>: the value is the variable of that name outside.</summary>
    public sealed record Inherited(Symbol Name, int Start) : Binding(Name, Start);

    /// <summary><c>inherit (source) name;</c></summary>
    /// <param name="Name">The attribute.</param>
    /// <param name="Start">Where the name stands.</param>
    /// <param name="Source">Which of <see cref="Bindings.InheritSources"/>.</param>
    public sealed record InheritedFrom(Symbol Name, int Start, int Source) : Binding(Name, Start);
}

/// <summary><c>${name} = value;</c></summary>
public sealed record DynamicBinding(Expression Name, Expression Value, int Start);
