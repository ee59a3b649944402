namespace Firn.Evaluation.Helping;

/// <summary>Slots that an evaluation needs for certain and that nobody has begun to compute, for threads with nothing to do.</summary>
/// <remarks>Nothing depends on any of them being taken: who needs a slot computes it itself if nobody else has.</remarks>
internal sealed class Sparks
{
    private const int Capacity = 1024;

    // More than these are not worth offering: nobody would come to them before they are computed.
    private const int Wanted = 256;

    // Most of what is offered is taken a moment later; sleeping and being woken takes longer.
    private const int SpinsBeforeSleep = 200;

    private static readonly TimeSpan _longestSleep = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Spark[] _sparks = new Spark[Capacity];
    private volatile int _count;
    private volatile int _sleepers;
    private int _first;

    /// <summary>Whether it is worth offering more.</summary>
    public bool IsHungry => _count < Wanted;

    /// <summary>Offers a slot; it may be left out when there are many.</summary>
    public void Offer(Spark spark)
    {
        lock (_lock)
        {
            if (_count == Capacity)
            {
                return;
            }

            _sparks[(_first + _count) % Capacity] = spark;
            _count++;
        }

        if (_sleepers > 0)
        {
            _wake.Release();
        }
    }

    /// <summary>Takes what was offered first, which is the largest piece of work: what contains the others begins before them.</summary>
    public Spark? TakeOldest()
    {
        if (_count == 0)
        {
            return null;
        }

        lock (_lock)
        {
            if (_count == 0)
            {
                return null;
            }

            var spark = _sparks[_first];
            _first = (_first + 1) % Capacity;
            _count--;
            return spark;
        }
    }

    /// <summary>Takes what was offered last, which is needed soonest.</summary>
    public Spark? TakeNewest()
    {
        if (_count == 0)
        {
            return null;
        }

        lock (_lock)
        {
            return _count == 0 ? null : _sparks[(_first + --_count) % Capacity];
        }
    }

    /// <summary>Returns when something may have been offered, at the latest after a while.</summary>
    public void WaitForMore()
    {
        var spin = default(SpinWait);
        while (_count == 0 && spin.Count < SpinsBeforeSleep)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        if (_count == 0)
        {
            Interlocked.Increment(ref _sleepers);
            _wake.Wait(_longestSleep);
            Interlocked.Decrement(ref _sleepers);
        }
    }
}

/// <summary>A slot that is needed.</summary>
/// <param name="Handle">The slot.</param>
/// <param name="IsForString">Whether a string will be made of the value, so that what is in a list, and where an output is, are needed too.</param>
internal readonly record struct Spark(uint Handle, bool IsForString);
