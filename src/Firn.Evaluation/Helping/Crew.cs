using Firn.Evaluation.Values;

namespace Firn.Evaluation.Helping;

/// <summary>The threads that compute ahead what an evaluation needs for certain, and how they keep out of each other's way.</summary>
/// <remarks>
/// <para>
/// A thunk is computed by the thread that puts the mark of a running one into its slot. Whoever needs it meanwhile waits. The
/// thread that answers the user (the first) computes other sparks while it waits, but in these it waits for nobody, and helpers
/// compute nothing else while they wait: what a thread waits in is one chain of needs. Hence, when two threads wait for each
/// other, the value needs itself: the helper gives its spark up, and the first thread finds the infinite recursion as if it had
/// been alone.
/// </para>
/// <para>
/// What a helper does cannot be seen: messages, builds, downloads and failures make it give the spark up
/// (<see cref="GuardedHost"/>), and the thunks it was in can be forced again.
/// </para>
/// </remarks>
internal sealed class Crew
{
    // Deep recursion in a spark ends the spark, not the evaluation.
    private const int StackSize = 1 << 28;

    // Each spark that is given up was work for nothing.
    private const int MostGivenUp = 200;

    // Sleeping for a millisecond is for long waits only.
    private const int SpinsBeforeSleep = 2000;

    private readonly Evaluator _first;
    private readonly Evaluator[] _helpers;
    private readonly Thread[] _threads;
    private volatile bool _isEnding;
    private int _givenUp;

    public Crew(Evaluator first, int helpers)
    {
        _first = first;
        _helpers = new Evaluator[helpers];
        for (var i = 0; i < helpers; i++)
        {
            _helpers[i] = first.MakeHelper(this);
        }

        _threads = Array.ConvertAll(_helpers, h => new Thread(() => Help(h), StackSize) { IsBackground = true, Name = "evaluation" });
        Array.ForEach(_threads, t => t.Start());
    }

    public Sparks Sparks { get; } = new();

    /// <summary>Makes the helpers give up what they are doing; returns when none is doing anything any more.</summary>
    public void End()
    {
        _isEnding = true;
        Array.ForEach(_helpers, h => h.Interrupt());
        Array.ForEach(_threads, t => t.Join());
    }

    /// <summary>Returns when nobody computes what is in a slot any more: it is there, or it can be computed.</summary>
    /// <exception cref="AheadException">A helper must not wait, as another waits for it.</exception>
    public unsafe void Wait(Evaluator waiting, Slot* slot)
    {
        var isFirst = ReferenceEquals(waiting, _first);
        if (isFirst && !waiting.WaitsAhead)
        {
            waiting.ThrowIfAhead();
        }

        // A spark that comes to nothing shows that others from around here will: they need what this thread is about.
        var isIdle = isFirst && _givenUp < MostGivenUp;
        var spin = default(SpinWait);
        while (new Thunk(Value.HandleOf(slot)).IsBeingForced)
        {
            waiting.ThrowIfInterrupted();
            if (isIdle && Sparks.TakeNewest() is { } spark)
            {
                waiting.WaitsFor = 0;
                isIdle = waiting.ForceAhead(spark);
                _givenUp += isIdle ? 0 : 1;
                continue;
            }

            waiting.WaitsFor = Value.HandleOf(slot);
            if (!isFirst && IsNeeded(waiting))
            {
                waiting.WaitsFor = 0;
                throw new AheadException();
            }

            spin.SpinOnce(SpinsBeforeSleep);
        }

        waiting.WaitsFor = 0;
    }

    private void Help(Evaluator helper)
    {
        helper.UseThread();
        var givenUp = 0;
        while (!_isEnding && givenUp < MostGivenUp)
        {
            if (Sparks.TakeOldest() is { } spark)
            {
                givenUp += helper.ForceAhead(spark) ? 0 : 1;
            }
            else
            {
                Sparks.WaitForMore();
            }
        }
    }

    // Whether somebody who waits does so for what this thread is computing.
    private bool IsNeeded(Evaluator helper)
    {
        if (_first.WaitsFor is > 0 and var wanted && helper.IsComputing(wanted))
        {
            return true;
        }

        foreach (var other in _helpers)
        {
            if (!ReferenceEquals(other, helper) && other.WaitsFor is > 0 and var needed && helper.IsComputing(needed))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What was computed ahead cannot be computed there. Never seen outside of the evaluator.</summary>
internal sealed class AheadException : Exception;
