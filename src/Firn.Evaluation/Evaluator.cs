using System.Runtime.CompilerServices;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Helping;
using Firn.Evaluation.Host;
using Firn.Evaluation.Memory;
using Firn.Evaluation.Values;
using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>Computes values: forces thunks, calls functions, and remembers what it is doing for when that fails.</summary>
/// <remarks>
/// Used by one thread at a time, one with a large stack: evaluation recurses as deeply as the expression does. Other threads
/// that help have evaluators of their own (<c>Evaluator.Helping.cs</c>).
/// </remarks>
public sealed unsafe partial class Evaluator
{
    private Activity[] _frames = new Activity[1024];
    private readonly List<ContextFrame> _contexts = [];
    private readonly IEvaluationHost _host;
    private int _depth;
    private int _callDepth;

    public Evaluator(EvaluationOptions options, IEvaluationHost host, SymbolTable symbols, SourceTable sources)
    {
        Heap.Current = Heap = new Heap();
        _shared = new SharedFacts();
        (Options, Settings, Symbols, Sources) = (options, options.Settings, symbols, sources);
        _host = new GuardedHost(host, this);
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
        _files = new SourceFiles(this);
        Derivations = new DerivationCache(host.Store, symbols, _shared);
    }

    public EvaluationOptions Options { get; }

    public EvaluationSettings Settings { get; }

    public IEvaluationHost Host => _isClosed ? _closedHost! : _host;

    public SymbolTable Symbols { get; }

    public SourceTable Sources { get; }

    /// <summary>The variables that every expression sees.</summary>
    public Globals Globals { get; }

    /// <summary>Parses and evaluates files, each once.</summary>
    public SourceFiles Files => _isClosed ? _closedFiles! : _files;

    internal WellKnownNames Names { get; }

    internal ShapeCache Shapes { get; } = new();

    /// <summary>Where this evaluation's values live.</summary>
    internal Heap Heap { get; }

    /// <summary>How much memory values take.</summary>
    public long UsedBytes => Heap.UsedBytes;

    internal ApplyCode Applying { get; } = new();

    internal MapCode Mapping { get; } = new();

    internal GenListCode Generating { get; } = new();

    internal MapAttrsCode MappingAttributes { get; } = new();

    internal DerivationCache Derivations { get; }

    /// <summary>Makes the calling thread the one that evaluates.</summary>
    public void UseThread() => Heap.Current = Heap;

    /// <summary>How many frames deep evaluation is; what <see cref="Unwind"/> takes.</summary>
    internal (int Frames, int Calls, bool IsClosed) Depth => (_depth, _callDepth, _isClosed);

    /// <summary>Returns the value in weak head normal form.</summary>
    /// <exception cref="EvaluationException">It has none.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value Force(Value value) => value.IsForced ? value : ForceThunk(Value.At(value.Handle));

    /// <summary>Forces what is in <paramref name="slot"/> and leaves the result there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Value Force(Slot* slot) => slot->IsForced ? new Value(slot->Bits) : ForceSlot(slot);

    /// <summary>Forces what is in <paramref name="slot"/>, which is on the heap, and leaves the result there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Value Force(ref Slot slot) => Force((Slot*)Unsafe.AsPointer(ref slot));

    private Value ForceSlot(Slot* slot)
    {
        // Read once: another thread may put the result here meanwhile.
        var bits = slot->Bits;
        if ((Kind)(bits & 31) != Kind.Thunk)
        {
            return ForceThunk(slot);
        }

        var value = ForceThunk(Value.At((uint)(bits >> 32)));
        if (value.Kind != Kind.List)
        {
            slot->Value = value;
        }

        return value;
    }

    // The slot holds a value already, or what it is computed from; never a thunk that refers to another slot.
    private Value ForceThunk(Slot* slot)
    {
        var bits = slot->Bits;
        switch ((Kind)(bits & 31))
        {
            case Kind.Pending or Kind.Indexed when IsClosed(slot) != _isClosed:
                return ForceAcross(slot);
            case Kind.Pending:
                var code = ObjectIds.Get<Code>((uint)bits >> 5);
                Enter(slot);
                if (!Claim(slot, bits))
                {
                    Leave();
                    return ForceThunk(slot);
                }

                var value = code.Eval(new Env((uint)(bits >> 32)), this);
                Volatile.Write(ref slot->Bits, value.Bits);
                Leave();
                return value;
            case Kind.Indexed:
                var indexed = ObjectIds.Get<IndexedCode>((uint)bits >> 5);
                Enter(slot);
                if (!Claim(slot, bits))
                {
                    Leave();
                    return ForceThunk(slot);
                }

                var item = indexed.Eval(Value.At((uint)(bits >> 32)), slot, this);
                Volatile.Write(ref slot->Bits, item.Bits);
                Leave();
                return item;
            case Kind.RunningPending or Kind.RunningIndexed:
                return AwaitResult(slot);
            default:
                return new Value(bits);
        }
    }

    // Marks a thunk as running; false when another thread was faster.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Claim(Slot* slot, ulong bits)
    {
        var running = bits + (Kind.RunningPending - Kind.Pending);
        if (_crew is null)
        {
            slot->Bits = running;
            return true;
        }

        return Interlocked.CompareExchange(ref slot->Bits, running, bits) == bits;
    }

    /// <summary>Forces a value and, through lists and sets, everything in it.</summary>
    public void ForceDeep(Value value)
    {
        var seen = new HashSet<Value>();
        Visit(value);

        void Visit(Value next)
        {
            next = Force(next);
            var slots = next.AsList is { } list ? list.Items : next.AsSet is { } set ? set.Flat(Shapes).Slots : default;
            if (slots.Length == 0 || !seen.Add(next))
            {
                return;
            }

            EnterCall(null);
            OfferAll(slots, isForString: false);
            for (var i = 0; i < slots.Length; i++)
            {
                Visit(Force(slots.At(i)));
            }

            LeaveCall();
        }
    }

    /// <summary>Enters a frame for a thunk that is being forced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(Slot* thunk) => Enter(new Activity { Thunk = Value.HandleOf(thunk) });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter(Activity frame)
    {
        if (_depth == _frames.Length)
        {
            Array.Resize(ref _frames, _depth * 2);
        }

        if ((_depth & 7) == 0)
        {
            EnsureStack();
        }

        _frames[_depth++] = frame;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave() => _depth--;

    /// <summary>Enters a frame for a call.</summary>
    internal void EnterCall(Code? call)
    {
        Enter(new Activity { Code = call is null ? 0 : call.Id });
        if (_callDepth++ >= _maxCallDepth)
        {
            ReachCallLimit();
        }
    }

    /// <summary>Remembers the environment of the function that the innermost call runs, for messages.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Running(Env environment) => _frames[_depth - 1].Environment = environment.Handle;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void LeaveCall()
    {
        _depth--;
        _callDepth--;
    }

    /// <summary>Goes back to an earlier depth after an exception was caught; thunks in between can be forced again.</summary>
    internal void Unwind((int Frames, int Calls, bool IsClosed) depth)
    {
        GoTo(depth.IsClosed);
        while (_depth > depth.Frames)
        {
            ref var frame = ref _frames[--_depth];
            if (frame.Thunk != 0)
            {
                new Thunk(frame.Thunk).Restore();
            }
            else if (frame.Context != 0)
            {
                _contexts.RemoveRange((int)frame.Context - 1, _contexts.Count - (int)frame.Context + 1);
            }
        }

        _callDepth = depth.Calls;
    }

    /// <summary>Forces a value; a failure's trace shows what <paramref name="context"/> says.</summary>
    internal Value ForceWithContext(Value context, Value value)
    {
        Enter(new ContextFrame(0, null, context));
        var result = Force(value);
        LeaveContext();
        return result;
    }

    /// <summary>Enters a frame that says what is being done until it is disposed.</summary>
    internal Description Describing(Func<string> doing, int position = 0, bool isRemark = true)
    {
        Enter(new ContextFrame(position, doing, null) { IsRemark = isRemark });
        return new Description(this, _depth);
    }

    internal void LeaveContext()
    {
        _contexts.RemoveAt(_contexts.Count - 1);
        Leave();
    }

    private void Enter(ContextFrame context)
    {
        _contexts.Add(context);
        Enter(new Activity { Context = (uint)_contexts.Count });
    }

    private void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep();
        }
    }
}

/// <summary>Something that is going on: one of the first three is not 0, or nothing is known of it.</summary>
internal struct Activity
{
    /// <summary>The handle of a thunk that is being forced.</summary>
    public uint Thunk;

    /// <summary>The number of the code of a call, or of the function that a builtin calls.</summary>
    public uint Code;

    /// <summary>The place of a <see cref="ContextFrame"/> among those that are there, from 1.</summary>
    public uint Context;

    /// <summary>Of a call: the environment of the function's body, once it runs; else 0.</summary>
    public uint Environment;
}

/// <summary>A frame that is there for traces only.</summary>
/// <param name="Position">The place it names, or 0.</param>
/// <param name="Doing">Says what is being done, when somebody asks; null when <paramref name="Message"/> does.</param>
/// <param name="Message">A value of the language that says what is being done.</param>
internal sealed record ContextFrame(int Position, Func<string>? Doing, Value? Message)
{
    /// <summary>Whether it is worth a line when not all that led to a failure is shown.</summary>
    public bool IsRemark { get; init; } = true;
}

/// <summary>Leaves a frame at the end of a block; after a failure the catcher unwinds instead.</summary>
internal readonly struct Description(Evaluator eval, int depth) : IDisposable
{
    public void Dispose()
    {
        if (eval.Depth.Frames == depth)
        {
            eval.LeaveContext();
        }
    }
}
