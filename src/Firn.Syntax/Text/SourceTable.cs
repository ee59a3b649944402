using Firn.Model.Diagnostics;

namespace Firn.Syntax.Text;

/// <summary>All sources of a session, laid end to end: one number names a place in any of them.</summary>
public sealed class SourceTable
{
    private readonly Lock _adding = new();
    private readonly List<SourceText> _sources = [];

    // Position 0 means "no position", so the first source starts at 1.
    private int _next = 1;

    /// <summary>Enters a text and gives it a range of positions of its own.</summary>
    public SourceText Add(SourceOrigin origin, byte[] bytes, string baseDirectory)
    {
        lock (_adding)
        {
            var source = new SourceText(origin, bytes, baseDirectory, _next);
            _next = checked(_next + bytes.Length + 1);
            _sources.Add(source);
            return source;
        }
    }

    /// <summary>Returns all sources, in the order they were added.</summary>
    public IReadOnlyList<SourceText> All()
    {
        lock (_adding)
        {
            return [.. _sources];
        }
    }

    /// <summary>Returns the source that holds <paramref name="position"/>, or null for no position.</summary>
    public SourceText? Find(int position)
    {
        lock (_adding)
        {
            var (low, high) = (0, _sources.Count - 1);
            while (low <= high)
            {
                var middle = (low + high) / 2;
                var source = _sources[middle];
                if (position < source.Base)
                {
                    high = middle - 1;
                }
                else if (position > source.Base + source.Bytes.Length)
                {
                    low = middle + 1;
                }
                else
                {
                    return source;
                }
            }

            return null;
        }
    }

    /// <summary>Returns the place that a diagnostic shows for <paramref name="position"/>, or null for no position.</summary>
    public SourceSpan? Span(int position, int length = 0) => Find(position) is { } source
        ? new SourceSpan(source.Origin, source.Locate(position), length, source.Line(source.Locate(position).Line).ToArray())
        : null;
}
