namespace Firn.Transfers;

/// <summary>Decides whether something that failed is tried again, and how long to wait before that.</summary>
public static class RetryPlanner
{
    private static readonly TimeSpan _firstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _whenAskedTooOften = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(60);

    /// <summary>Returns how long to wait before the next attempt, or null when there is to be none.</summary>
    /// <param name="failed">How many attempts failed.</param>
    /// <param name="allowed">How many are allowed.</param>
    /// <param name="problem">Why the last one failed.</param>
    /// <param name="chance">A number from 0 to 1: it keeps many clients from coming back all at once.</param>
    public static TimeSpan? Next(int failed, int allowed, TransferProblem problem, double chance)
    {
        if (!problem.MayPass || failed >= allowed)
        {
            return null;
        }

        var first = problem.IsAskedTooOften ? _whenAskedTooOften : _firstWait;
        var wait = problem.Wait ?? first * Math.Pow(2, failed - 1) * (1 + chance * 0.5);
        return wait < _longestWait ? wait : _longestWait;
    }
}

/// <summary>Why an attempt failed.</summary>
/// <param name="Failure">The kind of failure.</param>
/// <param name="Message">What a person is told.</param>
/// <param name="MayPass">Whether it may work the next time.</param>
public sealed record TransferProblem(TransferFailure Failure, string Message, bool MayPass)
{
    /// <summary>How long the server wants to be left alone; null when it does not say.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Whether the server complains of too many requests.</summary>
    public bool IsAskedTooOften { get; init; }
}
