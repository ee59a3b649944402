using System.Collections.Concurrent;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;

namespace Firn.Building.Scheduling;

/// <summary>What kind of work a job is, for each kind has a limit of its own.</summary>
public enum JobKind
{
    Build,
    Substitution,

    /// <summary>A build on another machine.</summary>
    RemoteBuild,
}

/// <summary>Runs goals: steps one after the other on the calling thread, jobs beside it on threads of their own.</summary>
public sealed class GoalScheduler(bool keepsGoing, int maxBuilds, int maxSubstitutions, Action<Diagnostic> onInnerFailure, CancellationToken cancellation, int maxRemoteBuilds = 0)
{
    private readonly SortedSet<Goal> _awake = new(Comparer<Goal>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)));
    private readonly SortedDictionary<(JobKind Kind, string Name), (Goal Goal, Action<CancellationToken> Work)> _pending =
        new(Comparer<(JobKind Kind, string Name)>.Create((a, b) =>
            a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Name, b.Name)));

    private readonly BlockingCollection<Action> _done = [];
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private readonly int[] _running = new int[3];
    private readonly int[] _limits = [maxBuilds, Math.Max(1, maxSubstitutions), Math.Max(1, maxRemoteBuilds)];
    private readonly List<BuildStatus> _failures = [];
    private readonly HashSet<Goal> _wanted = [];
    private Exception? _error;

    /// <summary>Is cancelled when all is to end.</summary>
    internal CancellationToken Cancellation => cancellation;

    /// <summary>Whether a failure leaves other goals going on.</summary>
    public bool KeepsGoing { get; } = keepsGoing;

    /// <summary>How all goals that failed did so.</summary>
    public IReadOnlyList<BuildStatus> Failures => _failures;

    /// <summary>Runs until the goals have ended; without "keep going", until the first of them fails.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run(IReadOnlyCollection<Goal> wanted)
    {
        _wanted.UnionWith(wanted);
        try
        {
            while (!IsDone())
            {
                if (_awake.Min is { } goal)
                {
                    _awake.Remove(goal);
                    goal.Step();
                    continue;
                }

                StartJobs();
                _done.Take(cancellation)();
                while (_done.TryTake(out var next))
                {
                    next();
                }
            }
        }
        finally
        {
            Stop();
        }

        if (_error is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_error);
        }
    }

    /// <summary>Whether a job of a kind would start at once; may be asked on any thread.</summary>
    internal bool HasRoom(JobKind kind) => Volatile.Read(ref _running[(int)kind]) < _limits[(int)kind];

    /// <summary>Has a goal's next step run.</summary>
    internal void Wake(Goal goal) => _awake.Add(goal);

    /// <summary>Has a goal that came into being take its first step.</summary>
    internal void Add(Goal goal) => goal.Start(this);

    /// <summary>Runs <paramref name="work"/> once there is room, and then, on the scheduler's thread, <paramref name="next"/>.</summary>
    internal void RunJob<T>(Goal goal, JobKind kind, Func<CancellationToken, T> work, Action<T> next) =>
        _pending[(kind, goal.Name)] = (goal, token =>
        {
            var result = default(T);
            Exception? error = null;
            try
            {
                result = work(token);
            }
            catch (Exception e)
            {
                error = e;
            }

            _done.Add(() =>
            {
                _running[(int)kind]--;
                if (error is null)
                {
                    next(result!);
                }
                else if (!IsOurDoing(error))
                {
                    _error ??= error;
                }
            }, CancellationToken.None);
        });

    /// <summary>Tells those who wait that a goal has ended.</summary>
    internal void Ended(Goal goal, BuildResult result)
    {
        if (!result.IsSuccess)
        {
            _failures.Add(result.Status);
            // Failures of what was asked for are the caller's to tell.
            if (!_wanted.Contains(goal) && goal.Waiters.All(w => !w.TakesOverFailure) && result.Failure is { } failure
                && result.Status != BuildStatus.NoSubstituters)
            {
                onInnerFailure(failure);
            }
        }

        foreach (var (waiter, _) in goal.Waiters)
        {
            waiter.AwaitedEnded(this, result);
        }
    }

    private bool IsDone() => _error is not null
        || _wanted.All(g => g.Result is not null)
        || (!KeepsGoing && _wanted.Any(g => g.Result is { IsSuccess: false }));

    // What we end because something else failed has not failed itself, and nobody has interrupted us.
    private bool IsOurDoing(Exception error) =>
        error is OperationCanceledException && _stopping.IsCancellationRequested && !cancellation.IsCancellationRequested;

    private void StartJobs()
    {
        foreach (var (key, (_, work)) in _pending.ToList())
        {
            if (_running[(int)key.Kind] < _limits[(int)key.Kind])
            {
                _pending.Remove(key);
                _running[(int)key.Kind]++;
                new Thread(() => work(_stopping.Token), 1024 * 1024) { IsBackground = true, Name = key.Name }.Start();
            }
        }
    }

    /// <summary>Ends what still runs, and waits for it: builders must be gone before their locks are.</summary>
    private void Stop()
    {
        _stopping.Cancel();
        while (_running.Sum() > 0)
        {
            _done.Take(CancellationToken.None)();
        }

        _stopping.Dispose();
    }
}
