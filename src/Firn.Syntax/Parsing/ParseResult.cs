using System.Collections.Immutable;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>What came of a text: the tree, or what is wrong with the text.</summary>
/// <param name="Root">The whole expression; null exactly when there are <paramref name="Diagnostics"/>.</param>
/// <param name="Diagnostics">The errors, each with a span inside the source.</param>
/// <param name="Warnings">What the user should know although there is a tree.</param>
public sealed record ParseResult(
    Expression? Root, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<Diagnostic> Warnings)
{
    /// <summary>The variables that nothing in the text binds and no <c>with</c> may provide; null when that is not certain.</summary>
    public ImmutableArray<Symbol>? FreeVariables { get; init; }

    /// <summary>Whether all that is wrong with the text is that it ends too early: a prompt waits for the next line.</summary>
    public bool IsIncomplete { get; init; }
}
