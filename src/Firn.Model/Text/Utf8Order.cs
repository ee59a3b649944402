using System.Text;

namespace Firn.Model.Text;

/// <summary>Orders text by its UTF-8 bytes, as Nix does; <see cref="StringComparer.Ordinal"/> does not.</summary>
public sealed class Utf8Order : IComparer<string>
{
    private Utf8Order() { }

    public static Utf8Order Comparer { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return Comparer<string>.Default.Compare(x, y);
        }

        var common = Math.Min(x.Length, y.Length);
        for (var i = 0; i < common; i++)
        {
            if (x[i] != y[i])
            {
                // Only surrogates sort otherwise in UTF-16 than in UTF-8.
                return char.IsSurrogate(x[i]) || char.IsSurrogate(y[i])
                    ? Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y))
                    : x[i].CompareTo(y[i]);
            }
        }

        return x.Length.CompareTo(y.Length);
    }
}
