using Firn.Evaluation.Forcing;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Scopes;

/// <summary>Which variables code sees, and where they will be when it runs.</summary>
internal sealed class Scope
{
    private readonly Dictionary<Symbol, int> _places = [];

    private Scope(Scope? parent, Frame frame, bool ownsFrame, bool isWith) =>
        (Parent, Frame, OwnsFrame, IsWith) = (parent, frame, ownsFrame, isWith);

    public Scope? Parent { get; }

    /// <summary>The environment that is current inside the scope.</summary>
    public Frame Frame { get; }

    /// <summary>Whether the scope's environment is one further in than its parent's.</summary>
    public bool OwnsFrame { get; }

    /// <summary>Whether the scope is a <c>with</c>, whose variables are not known.</summary>
    public bool IsWith { get; }

    public IEnumerable<Symbol> Names => _places.Keys;

    /// <summary>The variables and their places in the environment.</summary>
    public IReadOnlyDictionary<Symbol, int> Places => _places;

    public static Scope Root() => new(null, new Frame(), ownsFrame: true, isWith: false);

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
    public int Add(Symbol name) => _places[name] = Frame.Size++;

    /// <summary>Takes a place that no variable names.</summary>
    public int AddUnnamed() => Frame.Size++;

    public bool TryFindHere(Symbol name, out int place) => _places.TryGetValue(name, out place);
}
