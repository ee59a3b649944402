namespace Firn.Evaluation;

/// <summary>Stopping an evaluation from another thread.</summary>
public sealed partial class Evaluator
{
    // An interruption makes every depth too deep: looking for one costs calls nothing that they do not pay anyway.
    private volatile int _maxCallDepth;
    private volatile bool _isInterrupted;

    /// <summary>Makes the evaluation that is going on end with <see cref="OperationCanceledException"/> at its next call.</summary>
    public void Interrupt()
    {
        _isInterrupted = true;
        _maxCallDepth = -1;
    }

    /// <summary>Forgets an interruption; evaluation can go on.</summary>
    public void ForgetInterruption()
    {
        _isInterrupted = false;
        _maxCallDepth = Settings.MaxCallDepth;
    }

    private Exception TooDeepOrInterrupted() =>
        _isInterrupted ? new OperationCanceledException("interrupted by the user") : TooDeep();
}
