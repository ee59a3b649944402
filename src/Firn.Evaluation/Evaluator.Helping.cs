using Firn.Evaluation.Helping;
using Firn.Evaluation.Values;

namespace Firn.Evaluation;

/// <summary>Evaluating on several threads: who needs many things offers those behind the first to threads with nothing to do.</summary>
public sealed unsafe partial class Evaluator
{
    // So many files read and derivations made show that more will follow.
    private const int WorthHelp = 32;

    private readonly SharedFacts _shared;
    private readonly Evaluator? _first;
    private Crew? _crew;
    private int _done;
    private bool _isAhead;
    private bool _waitsAhead;
    private volatile uint _waitsFor;

    // For a helper: the parts that all threads share, and its own of what one thread at a time uses.
    private Evaluator(Evaluator first, Crew crew)
    {
        (_first, _crew, _shared, _isAhead) = (first, crew, first._shared, true);
        (Options, Settings, Symbols, Sources, Names, Globals) = (first.Options, first.Settings, first.Symbols, first.Sources, first.Names, first.Globals);
        (Applying, Mapping, Generating, MappingAttributes) = (first.Applying, first.Mapping, first.Generating, first.MappingAttributes);
        Heap = first.Heap.Branch();
        _host = new GuardedHost(((GuardedHost)first._host).Unguarded, this);
        _maxCallDepth = Settings.MaxCallDepth;
        _files = new SourceFiles(this, first._files);
        UseClosedCalls(first.ClosedCalls, first._closedFiles);
        Derivations = new DerivationCache(first.Derivations);
    }

    /// <summary>The slot that this thread is waiting for, or 0; other threads look at it.</summary>
    internal uint WaitsFor
    {
        get => _waitsFor;
        set => _waitsFor = value;
    }

    /// <summary>Ends the help of other threads, for good when nothing more will be evaluated; returns when they do nothing any more.</summary>
    /// <remarks>To be called before a failure is explained and before memory is given back.</remarks>
    public void EndHelp()
    {
        if (_first is null && _crew is { } crew)
        {
            crew.End();
            _crew = null;
        }
    }

    /// <summary>Whether there are threads with nothing to do.</summary>
    internal bool HasIdleHelp => _crew is { } crew && crew.Sparks.IsHungry;

    /// <summary>Calls for help once much was done: a file read, or a derivation made.</summary>
    internal void CountWork()
    {
        // Who watches an evaluation wants to see one thing after the other.
        if (_crew is null && Options.Helpers > 0 && ++_done >= WorthHelp && CallObserver is null && Counters is null && Debugger is null)
        {
            _crew = new Crew(this, Options.Helpers);
        }
    }

    /// <summary>Offers all of some values that are needed, but for the first, which comes next.</summary>
    internal void OfferAll(Slots slots, bool isForString)
    {
        if (HasIdleHelp)
        {
            for (var i = 1; i < slots.Length && _crew!.Sparks.IsHungry; i++)
            {
                Offer(slots.At(i), isForString, _crew.Sparks);
            }
        }
    }

    /// <summary>Offers a value of which a string will be made.</summary>
    internal void OfferForString(Value value)
    {
        if (value.IsThunk && HasIdleHelp)
        {
            Offer(Value.At(value.Handle), isForString: true, _crew!.Sparks);
        }
    }

    /// <summary>Computes what was offered, as far as it goes without anybody noticing; false when it was given up.</summary>
    internal bool ForceAhead(Spark spark)
    {
        var slot = Value.At(spark.Handle);
        if (new Thunk(spark.Handle).IsBeingForced)
        {
            return true;
        }

        var (depth, wasAhead, waited) = (Depth, _isAhead, _waitsAhead);
        (_isAhead, _waitsAhead) = (true, false);
        var isDone = true;
        try
        {
            var value = Force(slot);
            if (spark.IsForString)
            {
                OfferContents(value);
            }
        }
        catch (Exception)
        {
            // Whoever needs the value computes it and fails in the same way, with everybody watching.
            Unwind(depth);
            isDone = false;
        }

        (_isAhead, _waitsAhead) = (wasAhead, waited);
        return isDone;
    }

    /// <summary>Computes what may not be needed, as far as it goes without anybody noticing; false when it does not.</summary>
    internal bool TryQuietly(Func<bool> work)
    {
        var (depth, wasAhead, waited) = (Depth, _isAhead, _waitsAhead);
        (_isAhead, _waitsAhead) = (true, waited || !wasAhead);
        var isDone = false;
        try
        {
            isDone = work();
        }
        catch (Exception)
        {
            Unwind(depth);
        }

        (_isAhead, _waitsAhead) = (wasAhead, waited);
        return isDone;
    }

    /// <summary>Whether what this thread computes ahead of time may wait for another thread: only what it would come to next.</summary>
    internal bool WaitsAhead => _waitsAhead;

    /// <exception cref="AheadException">What is being done is not certain to be needed yet.</exception>
    internal void ThrowIfAhead()
    {
        if (_isAhead)
        {
            throw new AheadException();
        }
    }

    /// <summary>Tells whether this thread is computing what will be in a slot.</summary>
    internal bool IsComputing(uint slot)
    {
        for (var i = _depth - 1; i >= 0; i--)
        {
            if (_frames[i].Thunk == slot)
            {
                return true;
            }
        }

        return false;
    }

    internal Evaluator MakeHelper(Crew crew) => new(this, crew);

    // Somebody is computing what is in the slot: this thread, or another.
    private Value AwaitResult(Slot* slot)
    {
        if (_crew is null || IsComputing(Value.HandleOf(slot)))
        {
            // What this thread was computing before it began something else while it waited may be needed by that.
            ThrowIfAhead();
            throw InfiniteRecursion(new Thunk(Value.HandleOf(slot)));
        }

        _crew.Wait(this, slot);
        return ForceThunk(slot);
    }

    private void OfferContents(Value value)
    {
        if (value.AsList is { } list)
        {
            OfferAll(list.Items, isForString: true);
        }
        else if (value.AsSet is { } set && set.FindSlot(Names.OutPath.Id) is var outPath && outPath != null)
        {
            Offer(outPath, isForString: true, _crew!.Sparks);
        }
    }

    private void Offer(Slot* slot, bool isForString, Sparks sparks)
    {
        var value = slot->Value;
        if (value.IsThunk)
        {
            value = Value.At(value.Handle)->Value;
        }

        if (!value.IsForced)
        {
            sparks.Offer(new Spark(value.Handle, isForString));
        }
        else if (isForString && value.AsSet is { } set && set.FindSlot(Names.OutPath.Id) is var outPath && outPath != null && outPath->Value is { IsForced: false } path)
        {
            sparks.Offer(new Spark(path.Handle, isForString));
        }
    }
}
