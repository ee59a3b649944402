using Firn.Syntax.Text;

namespace Firn.Evaluation.Values;

/// <summary>The names in an attribute set and where each was written; shared by all sets from one place in the source.</summary>
internal sealed class Shape
{
    private int[]? _byName;

    /// <param name="symbols">The ids of the names, ascending.</param>
    /// <param name="positions">Where each name was written, in the order of <paramref name="symbols"/>.</param>
    public Shape(int[] symbols, int[] positions) => (Symbols, Positions, Hash) = (symbols, positions, HashOf(symbols, positions));

    public static Shape Empty { get; } = new([], []);

    public int[] Symbols { get; }

    public int[] Positions { get; }

    public int Count => Symbols.Length;

    /// <summary>Tells shapes apart, mostly; made of a few names and positions only.</summary>
    public int Hash { get; }

    public static int HashOf(int[] symbols, int[] positions)
    {
        var count = symbols.Length;
        return count == 0
            ? 0
            : (int)((uint)((symbols[0] * 31) + (symbols[count / 2] * 131) + (symbols[^1] * 1031) + (positions[0] * 17) + (positions[^1] * 257) + count) * 2654435761u >> 8);
    }

    /// <summary>Returns where <paramref name="symbol"/> stands, or a negative number.</summary>
    public int Find(int symbol)
    {
        // A vectorised scan of a cache line or two has no branches to mispredict.
        return Symbols.Length <= 24 ? Array.IndexOf(Symbols, symbol) : Array.BinarySearch(Symbols, symbol);
    }

    /// <summary>The places of the names in the order of their bytes.</summary>
    public int[] ByName(SymbolTable symbols)
    {
        return _byName ??= Sort();

        int[] Sort()
        {
            var order = new int[Symbols.Length];
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            Array.Sort(order, (a, b) => symbols[Symbols[a]].Bytes.AsSpan().SequenceCompareTo(symbols[Symbols[b]].Bytes));
            return order;
        }
    }
}
