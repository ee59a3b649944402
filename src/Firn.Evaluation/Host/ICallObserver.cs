using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;

namespace Firn.Evaluation.Host;

/// <summary>Is told of every call while expressions are evaluated.</summary>
/// <remarks>It must be there before anything is evaluated: calls that are compiled without one are not told.</remarks>
public interface ICallObserver
{
    void Enter(in ObservedCall call);

    /// <summary>The innermost call is over, well or badly.</summary>
    void Exit();
}

/// <summary>A call that begins.</summary>
public readonly struct ObservedCall
{
    private readonly Evaluator _eval;
    private readonly Value _function;
    private readonly Value _argument;
    private readonly bool _isOfFunctor;

    internal ObservedCall(Evaluator eval, Value function, Value argument, int position, bool isOfFunctor = false) =>
        (_eval, _function, _argument, Position, _isOfFunctor) = (eval, function, argument, position, isOfFunctor);

    /// <summary>Where the call stands; 0 when a builtin calls.</summary>
    public int Position { get; }

    /// <summary>What tells calls of one function from one place from others.</summary>
    public (ulong Function, int Position) Key => (_function.Kind is Kind.Closure ? _function.Bits & uint.MaxValue : _function.Bits, Position);

    /// <summary>Returns <c>FILE:LINE:COLUMN</c> of the call.</summary>
    public string Place => Describe(Position);

    /// <summary>Returns what is called and from where, as profiles name it: <c>FILE:LINE:COLUMN:name</c>.</summary>
    public override string ToString()
    {
        if (_function.AsClosure is { Code: var code })
        {
            var name = _isOfFunctor || code.Name is null ? "" : $":{code.Name}";
            return (IsKnown ? Place : Describe(code.Position)) + name;
        }

        var builtin = _function.AsBuiltin ?? _function.AsPartial?.Function.AsBuiltin;
        if (builtin is not null)
        {
            return $"{(IsKnown ? Place + ":" : "")}primop {builtin.Name}{DerivationName(builtin)}";
        }

        return _function.AsSet?.FindEntry(_eval.Names.Functor.Id) is var (_, position)
            ? $"{(IsKnown ? Place : Describe(position))}:functor"
            : Place;
    }

    private bool IsKnown => _eval.Sources.Find(Position) is { Origin: not SourceOrigin.File { Path: ['/', '<', ..] } };

    private string Describe(int position) => _eval.Sources.Span(position) is { } span
        ? $"{(span.Origin is SourceOrigin.File file ? file.Path : span.Origin.ToString())}:{span.Start.Line}:{span.Start.Column}"
        : "undefined position";

    // The name is forced a little early; what fails in it is said when the builtin itself needs it.
    private string DerivationName(Builtin builtin)
    {
        if (builtin.Name != "derivationStrict")
        {
            return "";
        }

        var depth = _eval.Depth;
        try
        {
            return _eval.Force(_argument).AsSet?.Find(_eval.Names.Name) is { } name && _eval.Force(name).AsString is { Context: null } text ? $":{text}" : "";
        }
        catch (EvaluationException)
        {
            _eval.Unwind(depth);
            return "";
        }
    }
}
