using Firn.Evaluation.Forcing;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Scopes;

/// <summary>Which variables code sees, and where they will be when it runs.</summary>
internal sealed class Scope
{
    // Scopes of up to this many variables are searched one by one.
    private const int FewVariables = 16;

    private (Symbol Name, int Place)[] _variables = [];
    private Dictionary<Symbol, int>? _places;
    private int _count;

    private Scope(Scope? parent, Frame frame, bool ownsFrame, bool isWith) =>
        (Parent, Frame, OwnsFrame, IsWith, Source) = (parent, frame, ownsFrame, isWith, parent?.Source);

    public Scope? Parent { get; }

    /// <summary>Where values that were left for later are found; null when none were.</summary>
    public DeferringSource? Source { get; private init; }

    /// <summary>The environment that is current inside the scope.</summary>
    public Frame Frame { get; }

    /// <summary>Whether the scope's environment is one further in than its parent's.</summary>
    public bool OwnsFrame { get; }

    /// <summary>Whether the scope is a <c>with</c>, whose variables are not known.</summary>
    public bool IsWith { get; }

    public IEnumerable<Symbol> Names => Places.Keys;

    /// <summary>The variables and their places in the environment.</summary>
    public IReadOnlyDictionary<Symbol, int> Places
    {
        get
        {
            var places = new Dictionary<Symbol, int>();
            foreach (var (name, place) in _variables.AsSpan(0, _count))
            {
                places[name] = place;
            }

            return places;
        }
    }

    public static Scope Root(DeferringSource? source = null) => new(null, new Frame(), ownsFrame: true, isWith: false) { Source = source };

    /// <summary>Returns a scope with an environment of its own.</summary>
    public Scope WithFrame() => new(this, new Frame(), ownsFrame: true, isWith: false);

    /// <summary>Returns a scope whose variables live in this scope's environment.</summary>
    public Scope WithinFrame() => new(this, Frame, ownsFrame: false, isWith: false);

    /// <summary>Returns the scope of a <c>with</c>, whose set is in place 1.</summary>
    public Scope ForWith() => new(this, new Frame { Size = 2 }, ownsFrame: true, isWith: true);

    /// <summary>Returns a scope in <paramref name="inner"/>'s environment that sees only what this scope sees.</summary>
    public Scope SeenFrom(Scope inner) =>
        ReferenceEquals(inner.Frame, Frame) ? this : new(this, inner.Frame, ownsFrame: true, isWith: false);

    /// <summary>Gives a variable a place.</summary>
    public int Add(Symbol name)
    {
        if (_count == _variables.Length)
        {
            Array.Resize(ref _variables, Math.Max(2, _count * 2));
        }

        var place = Frame.Size++;
        _variables[_count++] = (name, place);
        if (_places is not null)
        {
            _places[name] = place;
        }
        else if (_count > FewVariables)
        {
            _places = new Dictionary<Symbol, int>(Places);
        }

        return place;
    }

    /// <summary>Takes a place that no variable names.</summary>
    public int AddUnnamed() => Frame.Size++;

    public bool TryFindHere(Symbol name, out int place)
    {
        if (_places is not null)
        {
            return _places.TryGetValue(name, out place);
        }

        // Of `a: a: …` the last is meant.
        for (var i = _count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(_variables[i].Name, name))
            {
                place = _variables[i].Place;
                return true;
            }
        }

        place = 0;
        return false;
    }
}
