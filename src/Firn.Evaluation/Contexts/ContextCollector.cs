using System.Runtime.InteropServices;

namespace Firn.Evaluation.Contexts;

/// <summary>Unites the contexts of many strings, all at once: uniting them one by one would copy what came first again and again.</summary>
internal sealed class ContextCollector
{
    private const int LookedThrough = 16;

    private readonly List<StringContext> _contexts = [];
    private readonly List<ContextElement> _elements = [];

    public void Clear() => _contexts.Clear();

    /// <summary>Adds the context of a string; null for none.</summary>
    public void Add(StringContext? context)
    {
        // Strings made of one another mostly share theirs. What is overlooked is repeated, no more.
        if (context is not null && !CollectionsMarshal.AsSpan(_contexts)[Math.Max(0, _contexts.Count - LookedThrough)..].Contains(context))
        {
            _contexts.Add(context);
        }
    }

    /// <summary>Returns what all mention, sorted, without repetition; valid until the next call.</summary>
    public ReadOnlySpan<ContextElement> Collect()
    {
        if (_contexts.Count <= 1)
        {
            return _contexts.Count == 0 ? [] : _contexts[0].Elements.AsSpan();
        }

        _elements.Clear();
        foreach (var context in _contexts)
        {
            _elements.AddRange(context.Elements.AsSpan());
        }

        _elements.Sort();
        var count = 1;
        for (var i = 1; i < _elements.Count; i++)
        {
            if (_elements[i].CompareTo(_elements[count - 1]) != 0)
            {
                _elements[count++] = _elements[i];
            }
        }

        return CollectionsMarshal.AsSpan(_elements)[..count];
    }

    /// <summary>Returns the context that mentions all of it, or null.</summary>
    public StringContext? ToContext()
    {
        if (_contexts.Count <= 1)
        {
            return _contexts.Count == 0 ? null : _contexts[0];
        }

        // One that has all there is can be used again.
        var elements = Collect();
        foreach (var context in _contexts)
        {
            if (context.Elements.Length == elements.Length)
            {
                return context;
            }
        }

        return StringContext.OfSorted(elements);
    }
}
