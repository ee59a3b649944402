using System.Collections.Immutable;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Syntax.Parsing;

/// <summary>A source that is known to be an expression, and where in it the values of attributes are.</summary>
public sealed class SkimmedSource
{
    private readonly ValueRange[] _values;

    internal SkimmedSource(SourceText source, ValueRange[] values, ImmutableArray<Symbol> freeVariables, ImmutableArray<Diagnostic> warnings) =>
        (Source, _values, FreeVariables, Warnings) = (source, values, freeVariables, warnings);

    public SourceText Source { get; }

    /// <summary>The variables that nothing in the text binds and no <c>with</c> may provide.</summary>
    public ImmutableArray<Symbol> FreeVariables { get; }

    /// <summary>What the user should know although it is an expression.</summary>
    public ImmutableArray<Diagnostic> Warnings { get; }

    /// <summary>Returns the offset behind the value that starts at <paramref name="start"/>; null when it is to be parsed at once.</summary>
    internal int? FindEnd(int start)
    {
        var (low, high) = (0, _values.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = _values[middle].Start;
            if (found == start)
            {
                return _values[middle].End;
            }

            if (found < start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }
}

/// <summary>The offsets of a value's first byte and behind its last.</summary>
internal readonly record struct ValueRange(int Start, int End);
