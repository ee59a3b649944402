namespace Firn.Evaluation.Values;

/// <summary>Finds the shape that an earlier set had, so that sets which look alike share one.</summary>
/// <remarks>
/// Two tables of fixed size whose entries push each other out: nothing in them is needed, they only save memory.
/// </remarks>
internal sealed class ShapeCache
{
    private const int Size = 1 << 14;

    private readonly Merge[] _merges = new Merge[Size];
    private readonly Shape[] _shapes = new Shape[Size];
    private readonly Dictionary<uint, Shape> _unwritten = [];

    /// <summary>Returns the shape of a set of <paramref name="below"/>'s shape updated by one of <paramref name="over"/>'s, if it is known.</summary>
    public Shape? FindMerge(Shape below, Shape over)
    {
        ref var entry = ref _merges[Index(below, over)];
        return entry.Below.Equals(below) && entry.Over.Equals(over) ? entry.Result : null;
    }

    public void AddMerge(Shape below, Shape over, Shape result) => _merges[Index(below, over)] = new Merge(below, over, result);

    /// <summary>Returns the shape of these names at these positions.</summary>
    public Shape Intern(ReadOnlySpan<int> symbols, ReadOnlySpan<int> positions)
    {
        ref var entry = ref _shapes[Shape.HashOf(symbols, positions) & (Size - 1)];
        if (entry.Symbols.SequenceEqual(symbols) && entry.Positions.SequenceEqual(positions))
        {
            return entry;
        }

        return entry = Shape.Make(symbols, positions);
    }

    /// <summary>Returns the shape of sets with these names that were not written anywhere.</summary>
    public Shape WithoutPositions(Shape shape)
    {
        if (!_unwritten.TryGetValue(shape.Handle, out var unwritten))
        {
            unwritten = shape.Positions.ContainsAnyExcept(0) ? Intern(shape.Symbols, new int[shape.Count]) : shape;
            _unwritten[shape.Handle] = unwritten;
        }

        return unwritten;
    }

    private static int Index(Shape below, Shape over) => ((below.Hash * 31) ^ over.Hash) & (Size - 1);

    private readonly record struct Merge(Shape Below, Shape Over, Shape Result);
}
