using System.Collections.Immutable;
using Firn.Model.StorePaths;

namespace Firn.Evaluation.Contexts;

/// <summary>The store objects that a string mentions; what uses the string depends on them.</summary>
public sealed class StringContext
{
    private uint _id;

    private StringContext(ImmutableArray<ContextElement> elements) => Elements = elements;

    /// <summary>Sorted, without repetition, never empty.</summary>
    public ImmutableArray<ContextElement> Elements { get; }

    /// <summary>The number by which strings name this context.</summary>
    internal uint Id => _id != 0 ? _id : _id = Memory.Heap.Current.Register(this);

    public static StringContext Of(ContextElement element) => new([element]);

    /// <summary>Returns the context of <paramref name="elements"/>, or null for none.</summary>
    public static StringContext? Of(IEnumerable<ContextElement> elements)
    {
        ImmutableArray<ContextElement> sorted = [.. elements.Distinct().Order()];
        return sorted.IsEmpty ? null : new(sorted);
    }

    internal static StringContext OfSorted(ReadOnlySpan<ContextElement> elements) => new([.. elements]);

    public static StringContext? Union(StringContext? left, StringContext? right)
    {
        if (left is null || ReferenceEquals(left, right))
        {
            return right;
        }

        if (right is null)
        {
            return left;
        }

        var merged = ImmutableArray.CreateBuilder<ContextElement>(left.Elements.Length + right.Elements.Length);
        var (i, j) = (0, 0);
        while (i < left.Elements.Length && j < right.Elements.Length)
        {
            var order = left.Elements[i].CompareTo(right.Elements[j]);
            merged.Add(order <= 0 ? left.Elements[i] : right.Elements[j]);
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        merged.AddRange(left.Elements.AsSpan()[i..]);
        merged.AddRange(right.Elements.AsSpan()[j..]);
        return merged.Count == left.Elements.Length ? left
            : merged.Count == right.Elements.Length ? right
            : new(merged.DrainToImmutable());
    }
}

/// <summary>One thing that a string mentions.</summary>
public abstract record ContextElement : IComparable<ContextElement>
{
    private ContextElement(StorePath path) => Path = path;

    /// <summary>The object, or the derivation that it comes from.</summary>
    public StorePath Path { get; }

    private int Rank => this switch
    {
        Opaque => 0,
        DerivationClosure => 1,
        _ => 2,
    };

    // By the derivation first, so that elements of one derivation stand together.
    public int CompareTo(ContextElement? other)
    {
        if (other is null || ReferenceEquals(this, other))
        {
            return other is null ? 1 : 0;
        }

        var order = Path.CompareTo(other.Path);
        order = order != 0 ? order : Rank - other.Rank;
        return order == 0 && this is Output output ? string.CompareOrdinal(output.Chain, ((Output)other).Chain) : order;
    }

    /// <summary>An object in the store.</summary>
    public sealed record Opaque(StorePath Object) : ContextElement(Object);

    /// <summary>A derivation with everything that it needs and makes, as <c>drvPath</c> has it.</summary>
    public sealed record DerivationClosure(StorePath Derivation) : ContextElement(Derivation);

    /// <summary>An output of a derivation.</summary>
    /// <param name="Derivation">The derivation in the store.</param>
    /// <param name="Name">The output.</param>
    /// <param name="Through">For dynamic derivations: the outputs that lead to the derivation meant.</param>
    public sealed record Output(StorePath Derivation, string Name, ImmutableArray<string> Through = default) : ContextElement(Derivation)
    {
        internal string Chain => Through.IsDefaultOrEmpty ? Name : string.Join('!', Through) + "!" + Name;

        public bool Equals(Output? other) => other is not null && Derivation.Equals(other.Derivation) && Chain == other.Chain;

        public override int GetHashCode() => HashCode.Combine(Derivation, Name);
    }
}
