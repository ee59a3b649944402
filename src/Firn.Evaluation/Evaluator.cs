using System.Runtime.CompilerServices;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>Computes values: forces thunks, calls functions, and remembers what it is doing for when that fails.</summary>
/// <remarks>Used by one thread at a time, one with a large stack: evaluation recurses as deeply as the expression does.</remarks>
public sealed partial class Evaluator
{
    private Activity[] _frames = new Activity[1024];
    private int _depth;
    private int _callDepth;

    public Evaluator(EvaluationOptions options, IEvaluationHost host, SymbolTable symbols, SourceTable sources)
    {
        (Options, Settings, Host, Symbols, Sources) = (options, options.Settings, host, symbols, sources);
        foreach (var path in options.AllowedPaths)
        {
            AllowAccess(path);
            if (host.Store.Directory.TrySplit(path, out var stored, out _))
            {
                AllowClosure(stored);
            }
        }

        _maxCallDepth = Settings.MaxCallDepth;
        Names = new WellKnownNames(symbols);
        Globals = new Globals(this);
        Files = new SourceFiles(this);
        Derivations = new DerivationCache(host.Store);
    }

    public EvaluationOptions Options { get; }

    public EvaluationSettings Settings { get; }

    public IEvaluationHost Host { get; }

    public SymbolTable Symbols { get; }

    public SourceTable Sources { get; }

    /// <summary>The variables that every expression sees.</summary>
    public Globals Globals { get; }

    /// <summary>Parses and evaluates files, each once.</summary>
    public SourceFiles Files { get; }

    internal WellKnownNames Names { get; }

    internal ShapeCache Shapes { get; } = new();

    internal DerivationCache Derivations { get; }

    /// <summary>How many frames deep evaluation is; what <see cref="Unwind"/> takes.</summary>
    internal (int Frames, int Calls) Depth => (_depth, _callDepth);

    /// <summary>Returns the value in weak head normal form.</summary>
    /// <exception cref="EvaluationException">It has none.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value Force(Value value) => value is Thunk thunk ? thunk.Result ?? thunk.Force(this) : value;

    /// <summary>Forces what is in <paramref name="slot"/> and leaves the result there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Value Force(ref Slot slot)
    {
        if (slot.Item is Thunk thunk)
        {
            var value = thunk.Result ?? thunk.Force(this);
            slot.Item = value;
            return value;
        }

        return slot.Value;
    }

    /// <summary>Applies a function to one argument.</summary>
    public Value Call(Value function, Value argument)
    {
        if (Force(function) is Closure { Code.Arity: 1 } closure)
        {
            EnterCall(closure.Code);
            var value = closure.Code.Invoke(closure.Environment, argument, this);
            LeaveCall();
            return value;
        }

        return Apply(Force(function), [new Slot(argument)], null);
    }

    /// <summary>Applies a function to two arguments.</summary>
    public Value Call(Value function, Value first, Value second)
    {
        if (Force(function) is Closure { Code.Arity: 2 } closure)
        {
            EnterCall(closure.Code);
            var value = closure.Code.Invoke(closure.Environment, first, second, this);
            LeaveCall();
            return value;
        }

        return Apply(Force(function), [new Slot(first), new Slot(second)], null);
    }

    /// <summary>Applies a function to arguments, as many at a time as it takes.</summary>
    internal Value Apply(Value function, Slot[] arguments, Code? call)
    {
        EnterCall(call);
        var rest = arguments.AsSpan();
        while (true)
        {
            switch (function)
            {
                case Closure closure when rest.Length >= closure.Code.Arity:
                    function = closure.Code.Invoke(closure.Environment, rest[..closure.Code.Arity], this);
                    rest = rest[closure.Code.Arity..];
                    break;
                case Builtin builtin when rest.Length >= builtin.Arity:
                    function = builtin.Body(
                        this, rest[0].Value, builtin.Arity > 1 ? rest[1].Value : null!, builtin.Arity > 2 ? rest[2].Value : null!);
                    rest = rest[builtin.Arity..];
                    break;
                case Closure or Builtin:
                    function = new PartialApplication(function, rest.ToArray());
                    rest = [];
                    break;
                case PartialApplication partial:
                    rest = (Slot[])[.. partial.Arguments, .. rest];
                    function = partial.Function;
                    continue;
                case AttributeSet set when set.Find(Names.Functor) is { } functor:
                    rest = (Slot[])[new Slot(set), .. rest];
                    function = Force(functor);
                    continue;
                default:
                    throw NotAFunction(function, call);
            }

            if (rest.IsEmpty)
            {
                LeaveCall();
                return function;
            }
        }
    }

    /// <summary>Forces a value and, through lists and sets, everything in it.</summary>
    public void ForceDeep(Value value)
    {
        var seen = new HashSet<Value>(ReferenceEqualityComparer.Instance);
        Visit(value);

        void Visit(Value next)
        {
            next = Force(next);
            var slots = next switch
            {
                NixList list => list.Items,
                AttributeSet set => set.Flat(Shapes).Slots,
                _ => [],
            };
            if (slots.Length == 0 || !seen.Add(next))
            {
                return;
            }

            EnterCall(null);
            foreach (ref var slot in slots.AsSpan())
            {
                Visit(Force(ref slot));
            }

            LeaveCall();
        }
    }

    /// <summary>Enters a frame for a thunk that is being forced.</summary>
    internal void Enter(object frame)
    {
        if (_depth == _frames.Length)
        {
            Array.Resize(ref _frames, _depth * 2);
        }

        if ((_depth & 7) == 0)
        {
            EnsureStack();
        }

        _frames[_depth++].Item = frame;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave() => _depth--;

    /// <summary>Enters a frame for a call.</summary>
    internal void EnterCall(Code? call)
    {
        Enter(call!);
        _frames[_depth - 1].Environment = null;
        if (_callDepth++ >= _maxCallDepth)
        {
            ReachCallLimit();
        }
    }

    /// <summary>Remembers the environment of the function that the innermost call runs, for messages.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Running(Slot[] environment) => _frames[_depth - 1].Environment = environment;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void LeaveCall()
    {
        _depth--;
        _callDepth--;
    }

    /// <summary>Goes back to an earlier depth after an exception was caught; thunks in between can be forced again.</summary>
    internal void Unwind((int Frames, int Calls) depth)
    {
        while (_depth > depth.Frames)
        {
            ref var frame = ref _frames[--_depth];
            (frame.Item as Thunk)?.Restore();
            frame.Item = null;
        }

        _callDepth = depth.Calls;
    }

    /// <summary>Forces a value; a failure's trace shows what <paramref name="context"/> says.</summary>
    internal Value ForceWithContext(Value context, Value value)
    {
        Enter(new ContextFrame(0, null, context));
        var result = Force(value);
        Leave();
        return result;
    }

    /// <summary>Enters a frame that says what is being done until it is disposed.</summary>
    internal Description Describing(Func<string> doing, int position = 0)
    {
        Enter(new ContextFrame(position, doing, null));
        return new Description(this, _depth);
    }

    private void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep();
        }
    }
}

/// <summary>Something that is going on.</summary>
internal struct Activity
{
    /// <summary>A thunk that is being forced, the code of a call, the function that a builtin calls, or a <see cref="ContextFrame"/>.</summary>
    public object? Item;

    /// <summary>Of a call: the environment of the function's body, once it runs.</summary>
    public Slot[]? Environment;
}

/// <summary>A frame that is there for traces only.</summary>
/// <param name="Position">The place it names, or 0.</param>
/// <param name="Doing">Says what is being done, when somebody asks; null when <paramref name="Message"/> does.</param>
/// <param name="Message">A value of the language that says what is being done.</param>
internal sealed record ContextFrame(int Position, Func<string>? Doing, Value? Message);

/// <summary>Leaves a frame at the end of a block; after a failure the catcher unwinds instead.</summary>
internal readonly struct Description(Evaluator eval, int depth) : IDisposable
{
    public void Dispose()
    {
        if (eval.Depth.Frames == depth)
        {
            eval.Leave();
        }
    }
}
