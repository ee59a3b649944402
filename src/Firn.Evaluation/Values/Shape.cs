using System.Buffers.Binary;
using Firn.Evaluation.Memory;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Values;

/// <summary>The names in an attribute set and where each was written; shared by sets that look alike.</summary>
/// <remarks>In memory: a word with the count and a hash, one with the order by name, the symbols, the positions.</remarks>
internal readonly unsafe struct Shape(uint handle) : IEquatable<Shape>
{
    private const int MaxScanned = 24;
    private const int MaxOnStack = 64;
    private const int HeadWords = 2;

    public static Shape Empty => default;

    public uint Handle { get; } = handle;

    public int Count => (int)(uint)First->Bits;

    /// <summary>Tells shapes apart, mostly; made of a few names and positions only.</summary>
    public int Hash => (int)(First->Bits >> 32);

    /// <summary>The ids of the names, ascending.</summary>
    public ReadOnlySpan<int> Symbols => new(First + HeadWords, Count);

    /// <summary>Where each name was written, in the order of <see cref="Symbols"/>.</summary>
    public ReadOnlySpan<int> Positions => new((int*)(First + HeadWords) + Count, Count);

    private Slot* First => Value.At(Handle);

    public static Shape Make(ReadOnlySpan<int> symbols, ReadOnlySpan<int> positions)
    {
        var count = symbols.Length;
        if (count == 0)
        {
            return Empty;
        }

        var block = Heap.Current.Allocate(HeadWords + count);
        block->Bits = (uint)count | ((ulong)(uint)HashOf(symbols, positions) << 32);
        symbols.CopyTo(new Span<int>(block + HeadWords, count));
        positions.CopyTo(new Span<int>((int*)(block + HeadWords) + count, count));
        return new Shape(Value.HandleOf(block));
    }

    public static int HashOf(ReadOnlySpan<int> symbols, ReadOnlySpan<int> positions)
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
        var symbols = Symbols;
        return symbols.Length <= MaxScanned ? symbols.IndexOf(symbol) : symbols.BinarySearch(symbol);
    }

    /// <summary>The places of the names in the order of their bytes.</summary>
    public ReadOnlySpan<int> ByName(SymbolTable symbols)
    {
        if (Count == 0)
        {
            return [];
        }

        if (First[1].IsEmpty)
        {
            Sort(symbols);
        }

        return new ReadOnlySpan<int>(Value.At((uint)First[1].Bits), Count);
    }

    public bool Equals(Shape other) => Handle == other.Handle;

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode() => Handle.GetHashCode();

    private void Sort(SymbolTable table)
    {
        var count = Count;
        var block = Heap.Current.Allocate((count + 1) / 2);
        var order = new Span<int>(block, count);
        var beginnings = count <= MaxOnStack ? stackalloc ulong[count] : new ulong[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
            beginnings[i] = BeginningOf(table[Symbols[i]].Bytes);
        }

        beginnings.Sort(order);
        for (int start = 0, end = 1; start < count; start = end++)
        {
            while (end < count && beginnings[end] == beginnings[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                var (shape, symbols) = (this, table);
                order[start..end].Sort((a, b) => symbols[shape.Symbols[a]].Bytes.AsSpan().SequenceCompareTo(symbols[shape.Symbols[b]].Bytes));
            }
        }

        First[1].Bits = Value.HandleOf(block);
    }

    // Eight bytes as a number: most names differ in these, and numbers are compared faster than bytes.
    private static ulong BeginningOf(ReadOnlySpan<byte> name)
    {
        if (name.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(name);
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        name.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }
}
