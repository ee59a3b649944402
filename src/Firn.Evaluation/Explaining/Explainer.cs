using System.Collections.Immutable;
using Firn.Evaluation.Forcing;
using Firn.Model.Diagnostics;
using Firn.Syntax.Trees;

namespace Firn.Evaluation.Explaining;

/// <summary>Makes a diagnostic of a failure: the place to change, where the value came from, what was going on, what to try.</summary>
internal sealed partial class Explainer
{
    private const int MaxTrace = 1000;

    private readonly Failure _failure;
    private readonly Evaluator _eval;
    private readonly Trees _trees;
    private readonly Calls _calls;
    private readonly Origins _origins;
    private readonly List<(int Start, int End, string Text)> _labels = [];
    private readonly List<string> _hints;
    private readonly List<string> _notes = [];
    private (int Start, int End, string Text) _primary;
    private string _message;

    private Explainer(Failure failure)
    {
        failure.Eval.EndHelp();
        (_failure, _eval, _message) = (failure, failure.Eval, failure.Message);
        _trees = new Trees(_eval);
        _calls = new Calls(_trees, failure);
        _origins = new Origins(_eval, _trees, _calls);
        _hints = [.. failure.Hints.Where(h => h.Length > 0)];
    }

    public static Diagnostic Explain(Failure failure) => new Explainer(failure).Explain();

    /// <summary>Adds to what another room says about a failure where evaluation was then.</summary>
    public static Diagnostic Locate(Failure failure, Diagnostic told)
    {
        var explainer = new Explainer(failure);
        if (told.Span is not null)
        {
            return told with { Trace = told.Trace.IsEmpty ? explainer.Trace() : told.Trace };
        }

        var here = explainer.Explain();
        return told with
        {
            Span = here.Span,
            SpanText = here.SpanText,
            Labels = [.. told.Labels, .. here.Labels],
            Trace = told.Trace.IsEmpty ? here.Trace : told.Trace,
            Hints = [.. told.Hints, .. here.Hints],
            Notes = [.. told.Notes, .. here.Notes],
        };
    }

    private Diagnostic Explain()
    {
        var site = Site();
        _primary = site is null ? (_failure.Position, _failure.Position, "") : (SourceTree.StartOf(site.Expression), site.Expression.End, "");
        try
        {
            ExplainKind(site);
        }
        catch (Exception e) when (e is EvaluationException or InvalidCastException or ArgumentException or InvalidOperationException)
        {
            // A worse message must not hide the failure that it is about.
        }

        if (_failure.Elsewhere is null && !_trees.IsOwn(_primary.Start))
        {
            LeaveLibrary();
        }

        return new Diagnostic(_failure.Code, _message)
        {
            Span = _failure.Elsewhere ?? Span(_primary.Start, _primary.End),
            SpanText = _primary.Text,
            Labels = [.. Labels()],
            Trace = Trace(),
            Hints = [.. _hints.Distinct()],
            Notes = [.. _notes.Distinct()],
        };
    }

    private void ExplainKind(Node? site)
    {
        var code = _failure.Code;
        if (code == EvaluationErrors.InfiniteRecursion && _failure.Cycle is not null)
        {
            ExplainCycle();
        }
        else if (code == EvaluationErrors.MissingAttribute && _failure is { Name: not null, Set: not null })
        {
            ExplainMissingAttribute(site);
        }
        else if (code == EvaluationErrors.NotAFunction)
        {
            ExplainNotAFunction(site);
        }
        else if (code == EvaluationErrors.MissingArgument || code == EvaluationErrors.UnexpectedArgument)
        {
            ExplainArguments();
        }
        else if (code == EvaluationErrors.DivisionByZero)
        {
            ExplainDivision(site);
        }
        else if (code == EvaluationErrors.AssertionFailed && site?.Expression is Assert assert)
        {
            BlameCondition(site, [assert.Condition], "");
        }
        else if (code == EvaluationErrors.Thrown || code == EvaluationErrors.Abort)
        {
            ExplainThrown();
        }
        else if (_failure.Elsewhere is not null)
        {
            AddSite(site, "read here");
        }
        else if (code == EvaluationErrors.FileNotFound)
        {
            ExplainMissingFile(site);
        }
        else if (code == EvaluationErrors.UndefinedVariable)
        {
            ExplainUndefined(site);
        }
        else if (_failure.Found is { } found)
        {
            ExplainWrongValue(site, found);
        }
        else if (code == EvaluationErrors.WrongType && site?.Expression is Operation { Operator: Operator.LessThan or Operator.LessOrEqual or Operator.GreaterThan or Operator.GreaterOrEqual } comparison)
        {
            ExplainComparison(site, comparison);
        }
        else if (code == EvaluationErrors.IndexOutOfRange)
        {
            ExplainIndex(site);
        }
        else if (code == EvaluationErrors.CallDepth)
        {
            ExplainDepth();
        }
        else if (!BlameQuoted() && (code == EvaluationErrors.MissingAttribute || code == EvaluationErrors.BadArgument))
        {
            ExplainDerivation();
        }
    }

    /// <summary>What failed, as an expression in its environment.</summary>
    private Node? Site()
    {
        if (_failure is { Site: { Position: > 0 } code, Environment: { } environment }
            && _trees.For(code.Position) is { } tree && tree.Find(code) is { } expression)
        {
            return new Node(tree, expression, environment, 0);
        }

        if (_failure.Position > 0)
        {
            return _calls.Innermost(_failure.Position);
        }

        return InnermostCall();
    }

    private Node? InnermostCall()
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls.CallCodeAt(i) is { Position: > 0 } and not LambdaCode)
            {
                return _calls.CallAt(i);
            }
        }

        return null;
    }

    /// <summary>An argument of the innermost call, when that is a builtin's.</summary>
    private Node? BuiltinArgument(int index) =>
        InnermostCall() is { Expression: Call call } node && index < call.Arguments.Length
            ? node with { Expression = call.Arguments[index] }
            : null;

    /// <summary>Makes the place where a value was made the primary one, and the place that needed it a second.</summary>
    private void Blame(Origin origin, string text, Node? site, string siteText)
    {
        if (!_trees.IsOwn(origin.Start))
        {
            return;
        }

        var before = _primary;
        _primary = (origin.Start, origin.End, text);
        if (before.Start > 0 && site is not null && !SameLine(before.Start, origin.Start))
        {
            _labels.Add((before.Start, before.End, siteText));
        }
    }

    private void AddSite(Node? site, string text)
    {
        if (site is not null)
        {
            _labels.Add((SourceTree.StartOf(site.Expression), site.Expression.End, text));
        }
    }

    private IEnumerable<Label> Labels()
    {
        var seen = new HashSet<(SourceOrigin?, int)>();
        if (_failure.Elsewhere is null && Span(_primary.Start, _primary.End) is { } first)
        {
            seen.Add((first.Origin, first.Start.Line));
        }

        foreach (var (start, end, text) in _labels)
        {
            if (Span(start, end) is { } span && (seen.Add((span.Origin, span.Start.Line)) || _failure.Cycle is not null))
            {
                yield return new Label(span, text);
            }
        }
    }

    private ImmutableArray<TraceFrame> Trace()
    {
        var trace = ImmutableArray.CreateBuilder<TraceFrame>();
        if (_failure.Doing.Length > 0)
        {
            trace.Add(new TraceFrame(_failure.Doing, _eval.Sources.Span(_failure.Position)) { Library = LibraryOf(_failure.Position) });
        }

        var described = 0;
        for (var i = _calls.Count - 1; i >= 0 && trace.Count < MaxTrace; i--)
        {
            if (_calls.ContextAt(i) is { } context)
            {
                if (described++ < 20 && _eval.Describe(context) is { } doing)
                {
                    trace.Add(new TraceFrame(doing, _eval.Sources.Span(context.Position)) { IsRemark = context.IsRemark });
                }

                continue;
            }

            if (_calls.CodeOf(i) is { } code && code is not LambdaCode)
            {
                var library = LibraryOf(code.Position);
                var doing = library is null ? Doing(code, _calls.ThunkAt(i) is not null) : null;
                trace.Add(new TraceFrame(
                    doing ?? (_calls.ThunkAt(i) is not null ? "while evaluating this value" : "while calling a function"), _eval.Sources.Span(code.Position))
                {
                    Library = library,
                    IsMinor = doing is null,
                });
            }
        }

        return trace.ToImmutable();
    }

    private string? Doing(Code code, bool isThunk)
    {
        if (_trees.For(code.Position) is not { } tree || tree.Find(code) is not { } expression)
        {
            return null;
        }

        return isThunk
            ? (tree.BindingOf(expression) ?? tree.BindingAt(code.Position)) is { } binding ? $"while evaluating `{binding.Name}`" : null
            : expression is Call call && Origins.NameOf(call.Function) is { } name ? $"while calling `{name}`" : null;
    }

    private string? LibraryOf(int position) => _eval.Sources.Find(position) is { } source ? _trees.LibraryOf(source) : null;

    private SourceSpan? Span(int start, int end)
    {
        if (_eval.Sources.Find(start) is not { } source)
        {
            return null;
        }

        // What goes on over several lines is marked on its first.
        var text = source.Bytes.AsSpan((start - source.Base)..Math.Clamp(end - source.Base, start - source.Base, source.Bytes.Length));
        var newline = text.IndexOfAny((byte)'\n', (byte)'\r');
        return _eval.Sources.Span(start, newline < 0 ? text.Length : newline);
    }

    private bool SameLine(int a, int b) =>
        Span(a, a) is { } x && Span(b, b) is { } y && x.Origin == y.Origin && x.Start.Line == y.Start.Line;

    private static string Quoted(string? name) => name is null ? "this" : $"`{name}`";
}
