using System.Collections.Immutable;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>What is said when evaluation fails; the trace is read off the frames at that moment.</summary>
public sealed partial class Evaluator
{
    private const int MaxTraceFrames = 1000;

    private bool _isDescribing;

    internal EvaluationException Error(ErrorCode code, int position, string message, params ReadOnlySpan<string> hints) =>
        new(Describe(code, position, message, hints));

    internal ThrownException Thrown(ErrorCode code, int position, string message) => new(Describe(code, position, message, []));

    internal EvaluationException WrongType(int position, string wanted, Value found, string doing)
    {
        var diagnostic = Describe(
            EvaluationErrors.WrongType, position, $"expected {wanted} but found {found.Description}: {Print(found)}", []);
        return new(diagnostic with { Trace = [new TraceFrame(doing, Sources.Span(position)), .. diagnostic.Trace] });
    }

    internal EvaluationException NotAFunction(Value value, Code? call) => Error(
        EvaluationErrors.NotAFunction, call?.Position ?? CallPosition(),
        $"attempt to call something which is not a function but {value.Description}: {Print(value)}",
        value is AttributeSet ? "A set can be called when it has an attribute __functor." : "In a list, put parentheses around a call: [ (f x) ].");

    internal EvaluationException NotASet(int position, Value value, Symbol name, Code select)
    {
        _ = select;
        return WrongType(position, "a set", value, $"while selecting the attribute '{name}'");
    }

    internal EvaluationException MissingAttribute(int position, Symbol name, AttributeSet set, Code select)
    {
        _ = select;
        return Error(EvaluationErrors.MissingAttribute, position, $"attribute '{name}' missing", Suggest(name, set));
    }

    internal EvaluationException MissingSelection(string name, string path, AttributeSet set) => Error(
        EvaluationErrors.MissingAttribute, 0, $"attribute '{name}' in selection path '{path}' not found", Suggest(Symbols.Intern(name), set));

    internal EvaluationException UndefinedVariable(int position, Symbol name, IEnumerable<Symbol> candidates) =>
        Error(EvaluationErrors.UndefinedVariable, position, $"undefined variable '{name}'", Suggest(name, candidates));

    internal EvaluationException MissingArgument(LambdaCode function, Symbol name, AttributeSet set)
    {
        var diagnostic = Describe(
            EvaluationErrors.MissingArgument, CallPosition(), $"function '{NameOf(function)}' called without required argument '{name}'",
            [Suggest(name, set)]);
        return new(WithDefinition(diagnostic, function));
    }

    internal EvaluationException UnexpectedArgument(LambdaCode function, AttributeSet set)
    {
        var known = function.Pattern!.Items.Select(i => i.Name).ToList();
        var (unexpected, _, position) = set.ByName(Symbols).First(a => !known.Contains(a.Name));
        var diagnostic = Describe(
            EvaluationErrors.UnexpectedArgument, CallPosition(),
            $"function '{NameOf(function)}' called with unexpected argument '{unexpected}'", [Suggest(unexpected, known)]);
        diagnostic = WithDefinition(diagnostic, function);
        return new(Sources.Span(position) is { } span
            ? diagnostic with { Labels = diagnostic.Labels.Add(new Label(span, "the argument was given here")) }
            : diagnostic);
    }

    internal ThrownException AssertionFailed(int position, string condition, Code code, Slot[] environment)
    {
        _ = (code, environment);
        return Thrown(EvaluationErrors.AssertionFailed, position, $"assertion '{condition}' failed");
    }

    internal EvaluationException WrongOperand(int position, Value first, Value second) => Error(
        EvaluationErrors.WrongType, position, $"cannot add {second.Description} to {first.Description}",
        second is NixString ? "Use toString to turn the number into a string." : "");

    internal EvaluationException CannotCoerce(Value value, int position, string doing)
    {
        var hint = value switch
        {
            NixInt or NixFloat or NixBool or NixNull or NixList => "Use toString to turn it into a string.",
            AttributeSet => "A set can stand for a string when it has an attribute outPath or __toString.",
            _ => "",
        };
        var diagnostic = Describe(
            EvaluationErrors.WrongType, position, $"cannot coerce {value.Description} to a string: {Print(value)}", [hint]);
        return new(diagnostic with { Trace = [new TraceFrame(doing, Sources.Span(position)), .. diagnostic.Trace] });
    }

    internal EvaluationException InfiniteRecursion(Thunk thunk)
    {
        var start = _depth - 1;
        while (start > 0 && !ReferenceEquals(_frames[start].Item, thunk))
        {
            start--;
        }

        var position = thunk.Code?.Position ?? 0;
        var diagnostic = Describe(EvaluationErrors.InfiniteRecursion, position, "infinite recursion encountered", []);
        var labels = ImmutableArray.CreateBuilder<Label>();
        for (var i = start + 1; i < _depth && labels.Count < 10; i++)
        {
            if (_frames[i].Item is Thunk { Code: { } code } && Sources.Span(code.Position) is { } span)
            {
                labels.Add(new Label(span, "which needs this value"));
            }
        }

        return new(diagnostic with { Labels = labels.ToImmutable() });
    }

    internal EvaluationException TooDeep() => Error(
        EvaluationErrors.CallDepth, CallPosition(), "stack overflow; max-call-depth exceeded",
        "A function probably calls itself without end; otherwise raise the setting max-call-depth.");

    private EvaluationException Incomparable(Value left, Value right, int position) => Error(
        EvaluationErrors.WrongType, position,
        left.TypeName == right.TypeName
            ? $"cannot compare {left.Description} with {right.Description}; values of that type are incomparable (values are {Print(left)} and {Print(right)})"
            : $"cannot compare {left.Description} with {right.Description}; values are {Print(left)} and {Print(right)}");

    /// <summary>Returns <c>FILE:LINE:COLUMN</c> of a position.</summary>
    internal string DescribePosition(int position) =>
        Sources.Span(position) is { } span ? $"{span.Origin}:{span.Start.Line}:{span.Start.Column}" : "an unknown place";

    /// <summary>Returns the position of the innermost call that is going on.</summary>
    internal int CallPosition()
    {
        for (var i = _depth - 1; i >= 0; i--)
        {
            if (_frames[i].Item is Code { Position: > 0 } code and not LambdaCode)
            {
                return code.Position;
            }
        }

        return 0;
    }

    /// <summary>Writes a value as messages show it: short, and without forcing anything.</summary>
    internal string Print(Value value) => ValuePrinter.ForMessage(value, this);

    private Diagnostic Describe(ErrorCode code, int position, string message, ReadOnlySpan<string> hints)
    {
        var trace = ImmutableArray.CreateBuilder<TraceFrame>();
        for (var i = _depth - 1; i >= 0 && trace.Count < MaxTraceFrames; i--)
        {
            if (_frames[i].Item is ContextFrame context)
            {
                AddContext(trace, context);
                continue;
            }

            var (frame, doing) = _frames[i].Item switch
            {
                Thunk { Code: { Position: > 0 } pending } => (pending, "while evaluating this value"),
                Code { Position: > 0 } call and not LambdaCode => (call, "while calling a function"),
                _ => (null, ""),
            };
            if (frame is not null)
            {
                trace.Add(new TraceFrame(doing, Sources.Span(frame.Position)));
            }
        }

        if (position == 0)
        {
            position = CallPosition();
        }

        return new Diagnostic(code, message)
        {
            Span = Sources.Span(position),
            Hints = [.. hints.ToArray().Where(h => h.Length > 0)],
            Trace = trace.ToImmutable(),
        };
    }

    private void AddContext(ImmutableArray<TraceFrame>.Builder trace, ContextFrame frame)
    {
        // Saying what is being done may itself fail, or fail in the same way: then the trace goes on without it.
        if (_isDescribing)
        {
            return;
        }

        _isDescribing = true;
        var depth = Depth;
        try
        {
            trace.Add(new TraceFrame(frame.Doing(), Sources.Span(frame.Position)));
        }
        catch (EvaluationException)
        {
            Unwind(depth);
        }
        finally
        {
            _isDescribing = false;
        }
    }

    private Diagnostic WithDefinition(Diagnostic diagnostic, LambdaCode function) => Sources.Span(function.Position) is { } span
        ? diagnostic with { Labels = diagnostic.Labels.Add(new Label(span, "the function is defined here")) }
        : diagnostic;

    private static string NameOf(LambdaCode function) => function.Name?.ToString() ?? "anonymous lambda";

    private string Suggest(Symbol name, AttributeSet set) => Suggest(name, set.Flat().Shape.Symbols.Select(id => Symbols[id]));

    private static string Suggest(Symbol name, IEnumerable<Symbol> candidates)
    {
        var near = Model.Text.Suggestions.Nearest(name.ToString(), candidates.Select(c => c.ToString()));
        return near.Count == 0 ? "" : $"Did you mean {(near.Count == 1 ? near[0] : "one of " + string.Join(", ", near))}?";
    }
}
