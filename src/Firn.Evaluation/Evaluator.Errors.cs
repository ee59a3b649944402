using Firn.Evaluation.Explaining;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Memory;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>What is said when evaluation fails; the trace is read off the frames at that moment.</summary>
public sealed partial class Evaluator
{
    // Of a very deep evaluation the innermost frames are kept, and the first.
    private const int KeptFrames = 4000;
    private const int KeptOutermost = 200;

    private bool _isDescribing;

    /// <summary>Remembers for messages which file a string's bytes came from.</summary>
    internal void RememberFile(NixString content, string path) => _shared.Origins[content.Handle] = path;

    /// <summary>The file that a string's bytes were read from, or null.</summary>
    internal string? FileOf(NixString content) => content.Length > 0 ? _shared.Origins.GetValueOrDefault(content.Handle) : null;

    internal EvaluationException Error(ErrorCode code, int position, string message, params ReadOnlySpan<string> hints) =>
        new(Fail(code, position, message) with { Hints = [.. hints] });

    /// <summary>Says of a failure that another room reported which expression asked for what failed; to be called before anything is unwound.</summary>
    public void Locate(FirnException failure)
    {
        if (failure is not EvaluationException && _depth > 0)
        {
            var known = Fail(failure.Kind, 0, failure.Message);
            failure.Locate(told => Explainer.Locate(known, told));
        }
    }

    internal ThrownException Thrown(ErrorCode code, int position, string message) => new(Fail(code, position, message));

    /// <summary>A set that a builtin was given has not the attribute that the builtin needs.</summary>
    internal EvaluationException LacksAttribute(AttributeSet set, string name, string message) =>
        new(Fail(EvaluationErrors.MissingAttribute, 0, message) with { Set = set, Name = Symbols.Intern(name), IsNameFixed = true });

    /// <summary>A failure about the set that a builtin was given.</summary>
    internal EvaluationException ErrorIn(AttributeSet set, ErrorCode code, string message) => new(Fail(code, 0, message) with { Set = set });

    /// <summary>A failure whose place is in a file of another language.</summary>
    internal EvaluationException ErrorIn(SourceSpan place, ErrorCode code, string message) => new(Fail(code, 0, message) with { Elsewhere = place });

    internal EvaluationException WrongType(int position, string wanted, Value found, string doing) =>
        new(Fail(EvaluationErrors.WrongType, position, $"expected {wanted} but found {found.Description}: {Print(found)}") with
        {
            Wanted = wanted,
            Found = found,
            Doing = doing,
        });

    internal EvaluationException NotAFunction(Value value, Code? call) => new(
        Fail(
            EvaluationErrors.NotAFunction, call?.Position ?? CallPosition(),
            $"attempt to call something which is not a function but {value.Description}: {Print(value)}") with
        {
            Found = value,
            Hints = value.IsSet ? ["A set can be called when it has an attribute __functor."] : [],
        });

    internal EvaluationException NotASet(int position, Value value, Symbol name) =>
        new(Fail(EvaluationErrors.WrongType, position, $"expected a set but found {value.Description}: {Print(value)}") with
        {
            Wanted = "a set",
            Found = value,
            Name = name,
            Doing = $"while selecting the attribute '{name}'",
        });

    internal EvaluationException MissingAttribute(int position, Symbol name, AttributeSet set) =>
        new(Fail(EvaluationErrors.MissingAttribute, position, $"attribute '{Quoted(name)}' missing") with
        {
            Name = name,
            Set = set,
            Hints = [Suggest(name, set)],
        });

    // As it would have to be written.
    private static string Quoted(Symbol name)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Syntax.Printing.Literals.WriteName(output, name.Bytes);
        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }

    internal EvaluationException MissingSelection(string name, string path, AttributeSet set) => Error(
        EvaluationErrors.MissingAttribute, 0, $"attribute '{name}' in selection path '{path}' not found", Suggest(Symbols.Intern(name), set));

    internal EvaluationException UndefinedVariable(int position, Symbol name, IEnumerable<Symbol> candidates) =>
        Error(EvaluationErrors.UndefinedVariable, position, $"undefined variable '{name}'", Suggest(name, candidates));

    internal EvaluationException MissingArgument(LambdaCode function, Symbol name, AttributeSet set) =>
        new(Fail(
            EvaluationErrors.MissingArgument, CallPosition(), $"function '{NameOf(function)}' called without required argument '{name}'") with
        {
            Name = name,
            Set = set,
            Function = function,
            Hints = [Suggest(name, set)],
        });

    internal EvaluationException UnexpectedArgument(LambdaCode function, AttributeSet set)
    {
        var known = function.Pattern!.Items.Select(i => i.Name).ToList();
        var (unexpected, _, _) = set.ByName(Symbols).First(a => !known.Contains(a.Name));
        return new(Fail(
            EvaluationErrors.UnexpectedArgument, CallPosition(),
            $"function '{NameOf(function)}' called with unexpected argument '{Quoted(unexpected)}'") with
        {
            Name = unexpected,
            Set = set,
            Function = function,
            Hints = [Suggest(unexpected, known)],
        });
    }

    internal ThrownException AssertionFailed(int position, string condition) =>
        Thrown(EvaluationErrors.AssertionFailed, position, $"assertion '{condition}' failed");

    internal EvaluationException WrongOperand(int position, Value first, Value second) =>
        new(Fail(EvaluationErrors.WrongType, position, $"cannot add {second.Description} to {first.Description}") with
        {
            Found = second,
            Wanted = first.Description,
            Hints = [second.IsString ? "Use toString to turn the number into a string." : ""],
        });

    internal EvaluationException CannotCoerce(Value value, int position, string doing) =>
        new(Fail(EvaluationErrors.WrongType, position, $"cannot coerce {value.Description} to a string: {Print(value)}") with
        {
            Found = value,
            Doing = doing,
            Hints = [value switch
            {
                { Kind: Kind.Int or Kind.WideInt or Kind.Float or Kind.Bool or Kind.Null or Kind.List } => "Use toString to turn it into a string.",
                { IsSet: true } => "A set can stand for a string when it has an attribute outPath or __toString.",
                _ => "",
            }],
        });

    internal EvaluationException NotAnAbsolutePath(int position, Value value, string text) =>
        new(Fail(EvaluationErrors.WrongType, position, $"string '{text}' doesn't represent an absolute path") with
        {
            Found = value,
            Wanted = "an absolute path",
        });

    internal EvaluationException InfiniteRecursion(Thunk thunk) =>
        new(Fail(EvaluationErrors.InfiniteRecursion, thunk.Code?.Position ?? 0, "infinite recursion encountered") with { Cycle = thunk });

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
    internal int CallPosition() => CallPosition(_frames.AsSpan(0, _depth));

    /// <summary>Returns the position of the innermost of some calls.</summary>
    internal static int CallPosition(ReadOnlySpan<Activity> frames)
    {
        for (var i = frames.Length - 1; i >= 0; i--)
        {
            if (frames[i].Code is > 0 and var id && ObjectIds.Get<Code>(id) is { Position: > 0 } code and not LambdaCode)
            {
                return code.Position;
            }
        }

        return 0;
    }

    /// <summary>Writes a value as messages show it: short, and without forcing anything.</summary>
    internal string Print(Value value) => ValuePrinter.ForMessage(value, this);

    /// <summary>Says what a frame was doing; null when saying so fails in its turn.</summary>
    internal string? Describe(ContextFrame frame)
    {
        if (_isDescribing)
        {
            return null;
        }

        _isDescribing = true;
        var depth = Depth;
        try
        {
            return frame.Doing?.Invoke() ?? CoerceToString(
                frame.Message!.Value, 0, "while evaluating the error message passed to builtins.addErrorContext", Coercion.None).ToString();
        }
        catch (EvaluationException)
        {
            Unwind(depth);
            return null;
        }
        finally
        {
            _isDescribing = false;
        }
    }

    // Only what will be gone later is taken now: most failures that tryEval answers are never explained.
    private Failure Fail(ErrorCode code, int position, string message)
    {
        var frames = _depth <= KeptFrames + KeptOutermost
            ? _frames.AsSpan(0, _depth).ToArray()
            : (Activity[])[.. _frames.AsSpan(0, KeptOutermost), .. _frames.AsSpan(_depth - KeptFrames, KeptFrames)];
        return new Failure(this, code, message, position) { Frames = frames, Contexts = [.. _contexts] };
    }

    private static string NameOf(LambdaCode function) => function.Name?.ToString() ?? "anonymous lambda";

    private string Suggest(Symbol name, AttributeSet set) => Suggest(name, set.ByName(Symbols).Select(a => a.Name));

    private static string Suggest(Symbol name, IEnumerable<Symbol> candidates) =>
        Model.Text.Suggestions.Hint(name.ToString(), candidates.Select(c => c.ToString())) ?? "";
}
