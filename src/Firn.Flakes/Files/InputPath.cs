using System.Collections.Immutable;
using Firn.Fetching.Schemes.Indirect;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Flakes.Files;

/// <summary>The way to an input of an input: <c>dwarffs/nixpkgs</c>.</summary>
public sealed class InputPath : IEquatable<InputPath>, IComparable<InputPath>
{
    private readonly string _text;

    public InputPath(ImmutableArray<string> steps) => (Steps, _text) = (steps, string.Join('/', steps));

    /// <summary>The flake itself.</summary>
    public static InputPath Top { get; } = new([]);

    public ImmutableArray<string> Steps { get; }

    /// <summary>Reads names with slashes between.</summary>
    /// <exception cref="UsageException">A name is none.</exception>
    public static InputPath Parse(string text)
    {
        ImmutableArray<string> steps = [.. text.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        return steps.FirstOrDefault(step => !IndirectScheme.IsName(step)) is { } bad
            ? throw new UsageException($"invalid flake input attribute path element '{bad}'")
            : new InputPath(steps);
    }

    public InputPath Append(string name) => new(Steps.Add(name));

    public InputPath Append(InputPath other) => new(Steps.AddRange(other.Steps));

    /// <summary>Whether this is an input, or an input of an input, of <paramref name="other"/>.</summary>
    public bool IsBelow(InputPath other) => Steps.Length > other.Steps.Length && Steps.AsSpan()[..other.Steps.Length].SequenceEqual(other.Steps.AsSpan());

    public bool Equals(InputPath? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as InputPath);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public int CompareTo(InputPath? other)
    {
        for (var i = 0; i < Steps.Length && i < other!.Steps.Length; i++)
        {
            if (Utf8Order.Comparer.Compare(Steps[i], other.Steps[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return Steps.Length.CompareTo(other!.Steps.Length);
    }

    public override string ToString() => _text;
}
