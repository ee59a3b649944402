namespace Firn.Evaluation.Selecting;

/// <summary>Evaluates what may fail while evaluation as a whole goes on.</summary>
public static class Attempt
{
    /// <summary>Does something; returns what failed, or null.</summary>
    public static EvaluationException? Run(Evaluator eval, Action work)
    {
        var depth = eval.Depth;
        try
        {
            work();
            return null;
        }
        catch (EvaluationException failure)
        {
            // What was going on is read before it is unwound.
            _ = failure.Diagnostic;
            eval.Unwind(depth);
            return failure;
        }
    }

    /// <summary>Whether something failed only because it would have to be built to go on.</summary>
    public static bool IsImportFromDerivation(EvaluationException failure) =>
        failure.Diagnostic.Code.Equals(EvaluationErrors.Forbidden) && failure.Message.Contains("allow-import-from-derivation", StringComparison.Ordinal);
}
