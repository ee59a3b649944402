namespace Firn.Evaluation.Values;

/// <summary>Finds the shape that an earlier set had, so that sets which look alike share one.</summary>
/// <remarks>
/// Two tables of fixed size whose entries push each other out: nothing in them is needed, they only save memory.
/// </remarks>
internal sealed class ShapeCache
{
    private const int Size = 1 << 14;

    private readonly Merge[] _merges = new Merge[Size];
    private readonly Shape?[] _shapes = new Shape?[Size];

    /// <summary>Returns the shape of a set of <paramref name="below"/>'s shape updated by one of <paramref name="over"/>'s, if it is known.</summary>
    public Shape? FindMerge(Shape below, Shape over)
    {
        ref var entry = ref _merges[Index(below, over)];
        return ReferenceEquals(entry.Below, below) && ReferenceEquals(entry.Over, over) ? entry.Result : null;
    }

    public void AddMerge(Shape below, Shape over, Shape result) => _merges[Index(below, over)] = new Merge(below, over, result);

    /// <summary>Returns the shape of these names at these positions; the arrays belong to it if it is new.</summary>
    public Shape Intern(int[] symbols, int[] positions)
    {
        ref var entry = ref _shapes[Shape.HashOf(symbols, positions) & (Size - 1)];
        if (entry is { } known && known.Symbols.AsSpan().SequenceEqual(symbols) && known.Positions.AsSpan().SequenceEqual(positions))
        {
            return known;
        }

        return entry = new Shape(symbols, positions);
    }

    private static int Index(Shape below, Shape over) => ((below.Hash * 31) ^ over.Hash) & (Size - 1);

    private readonly record struct Merge(Shape? Below, Shape? Over, Shape? Result);
}
