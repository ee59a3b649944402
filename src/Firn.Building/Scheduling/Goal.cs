using Firn.Model.Builds;

namespace Firn.Building.Scheduling;

/// <summary>Something that is wanted, and the steps to it; steps run one at a time, on the scheduler's own thread.</summary>
public abstract class Goal(string name)
{
    private Action? _next;
    private int _waiting;

    /// <summary>Tells it from others, and says which of two goes first.</summary>
    public string Name { get; } = name;

    /// <summary>What came of it; null while it goes on.</summary>
    public BuildResult? Result { get; private set; }

    /// <summary>How many of the goals waited for last failed.</summary>
    protected int Failed { get; private set; }

    /// <summary>How many of those found nobody who had what they wanted.</summary>
    protected int WithoutSubstituters { get; private set; }

    /// <summary>Those that wait for it, and whether they show its failure as theirs.</summary>
    internal List<(Goal Goal, bool TakesOverFailure)> Waiters { get; } = [];

    /// <summary>The first step.</summary>
    protected abstract void Begin(GoalScheduler scheduler);

    /// <summary>Goes on with <paramref name="next"/> once the goals have ended; without "keep going", at the first that fails.</summary>
    protected void Await(GoalScheduler scheduler, IReadOnlyCollection<Goal> goals, Action next, bool takesOverFailure = false)
    {
        (Failed, WithoutSubstituters) = (0, 0);
        _next = next;
        _waiting = 0;
        foreach (var goal in goals)
        {
            if (goal.Result is { } result)
            {
                Count(result);
                continue;
            }

            _waiting++;
            goal.Waiters.Add((this, takesOverFailure));
        }

        if (_waiting == 0 || (Failed > 0 && !scheduler.KeepsGoing))
        {
            scheduler.Wake(this);
        }
    }

    /// <summary>Ends it.</summary>
    protected void Finish(GoalScheduler scheduler, BuildResult result)
    {
        if (Result is not null)
        {
            return;
        }

        Result = result;
        scheduler.Ended(this, result);
    }

    internal void Start(GoalScheduler scheduler)
    {
        _next = () => Begin(scheduler);
        scheduler.Wake(this);
    }

    internal void Step()
    {
        if (_next is { } next && Result is null)
        {
            _next = null;
            next();
        }
    }

    internal void AwaitedEnded(GoalScheduler scheduler, BuildResult result)
    {
        // Gone on already, after another failure.
        if (_waiting == 0 || _next is null)
        {
            return;
        }

        _waiting--;
        Count(result);
        if (_waiting == 0 || (!result.IsSuccess && result.Status != BuildStatus.NoSubstituters && !scheduler.KeepsGoing))
        {
            _waiting = 0;
            scheduler.Wake(this);
        }
    }

    private void Count(BuildResult result)
    {
        if (!result.IsSuccess)
        {
            Failed++;
            WithoutSubstituters += result.Status == BuildStatus.NoSubstituters ? 1 : 0;
        }
    }
}
