using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Host;

/// <summary>Somebody who looks around where evaluation stops: at an error, at <c>builtins.break</c>, after a step.</summary>
public interface IDebugger
{
    /// <summary>Is called where evaluation stops, and says how it goes on.</summary>
    DebuggerAnswer Stop(DebuggerStop stop);
}

/// <summary>How evaluation goes on after a stop.</summary>
public enum DebuggerAnswer
{
    /// <summary>To the next error or break.</summary>
    Continue,

    /// <summary>To the next call.</summary>
    Step,

    /// <summary>Not at all.</summary>
    Quit,
}

/// <summary>A moment at which evaluation is stopped.</summary>
/// <param name="Evaluator">Who evaluates; it can be used while it is stopped.</param>
/// <param name="Failure">What failed; null at a break and after a step.</param>
/// <param name="Reason">Why it is stopped when nothing failed; empty after a step.</param>
/// <param name="IsCaught">Whether <c>tryEval</c> will answer the failure.</param>
/// <param name="FindFrames">Finds out what was being done, innermost first.</param>
public sealed record DebuggerStop(Evaluator Evaluator, FirnException? Failure, string Reason, bool IsCaught, Func<IReadOnlyList<DebuggerFrame>> FindFrames);

/// <summary>One thing that was being done, and what was in sight there.</summary>
/// <param name="Doing">What was being done; the failure itself for the innermost frame.</param>
/// <param name="IsFailure">Whether <paramref name="Doing"/> is the message of a failure.</param>
/// <param name="Source">The text in which it is written, or null.</param>
/// <param name="Position">Where in it; 0 when that is not known.</param>
/// <param name="FindLevels">Finds the variables in sight, innermost scope first; the last has the language's own.</param>
public sealed record DebuggerFrame(string Doing, bool IsFailure, SourceText? Source, int Position, Func<IReadOnlyList<DebuggerLevel>> FindLevels);

/// <summary>The variables of one scope.</summary>
/// <param name="IsWith">Whether they are the attributes of a <c>with</c>.</param>
/// <param name="IsKnown">Whether the set of the <c>with</c> has been computed.</param>
/// <param name="Variables">Name and value, perhaps one that is not computed yet.</param>
public sealed record DebuggerLevel(bool IsWith, bool IsKnown, IReadOnlyList<(Symbol Name, Value Value)> Variables);
