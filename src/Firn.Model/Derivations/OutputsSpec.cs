using System.Collections.Immutable;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Model.Derivations;

/// <summary>Which outputs of a derivation are wanted: all of them, or some by name.</summary>
public abstract record OutputsSpec
{
    private OutputsSpec() { }

    /// <summary>Every output that the derivation has.</summary>
    public sealed record All : OutputsSpec
    {
        public static All Instance { get; } = new();

        public override string ToString() => "*";
    }

    /// <summary>Some outputs.</summary>
    /// <param name="Outputs">Sorted; at least one.</param>
    public sealed record Names(ImmutableSortedSet<string> Outputs) : OutputsSpec
    {
        public bool Equals(Names? other) => other is not null && Outputs.SetEquals(other.Outputs);

        public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

        public override string ToString() => string.Join(',', Outputs);
    }

    /// <summary>Makes the spec of some outputs.</summary>
    public static OutputsSpec Of(params IEnumerable<string> names) => new Names(names.ToImmutableSortedSet(Utf8Order.Comparer));

    /// <summary>Reads <c>*</c>, or names with commas between.</summary>
    /// <exception cref="InvalidFormatException">A name is not one that an output can have.</exception>
    public static OutputsSpec Parse(string text)
    {
        if (text == "*")
        {
            return All.Instance;
        }

        var names = text.Split(',');
        foreach (var name in names)
        {
            if (StorePathName.FindProblem(name) is { } problem)
            {
                throw new InvalidFormatException("list of outputs", text, problem);
            }
        }

        return Of(names);
    }

    public bool Contains(string output) => this is not Names names || names.Outputs.Contains(output);

    /// <summary>Returns what is wanted by this or by <paramref name="other"/>.</summary>
    public OutputsSpec Union(OutputsSpec other) => (this, other) is (Names ours, Names theirs)
        ? new Names(ours.Outputs.Union(theirs.Outputs))
        : All.Instance;

    /// <summary>Picks the outputs that are meant among those of <paramref name="derivation"/>.</summary>
    public IEnumerable<string> Select(Derivation derivation) =>
        this is Names names ? names.Outputs : derivation.Outputs.Select(o => o.Name);
}
