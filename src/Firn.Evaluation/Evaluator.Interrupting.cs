namespace Firn.Evaluation;

/// <summary>Stopping an evaluation at its next call: for good, or for a debugger's step.</summary>
public sealed partial class Evaluator
{
    // An interruption or a step makes every depth too deep: looking for one costs calls nothing that they do not pay anyway.
    private volatile int _maxCallDepth;
    private volatile bool _isInterrupted;
    private bool _isStepping;

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

    internal void ThrowIfInterrupted()
    {
        if (_isInterrupted)
        {
            throw new OperationCanceledException("interrupted by the user");
        }
    }

    private void StepAtNextCall(bool wanted)
    {
        _isStepping = wanted;
        _maxCallDepth = wanted || _isInterrupted ? -1 : Settings.MaxCallDepth;
    }

    private void ReachCallLimit()
    {
        ThrowIfInterrupted();
        if (!_isStepping || _callDepth > Settings.MaxCallDepth)
        {
            throw TooDeep();
        }

        StopAt("");
    }
}
