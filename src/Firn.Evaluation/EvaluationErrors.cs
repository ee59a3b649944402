using Firn.Evaluation.Explaining;
using Firn.Model.Diagnostics;

namespace Firn.Evaluation;

/// <summary>Evaluating an expression failed.</summary>
public class EvaluationException : FirnException
{
    private readonly Failure _failure;

    internal EvaluationException(Failure failure) : base(new Diagnostic(failure.Code, failure.Message)) => _failure = failure;

    internal Failure Failure => _failure;

    /// <summary>Whether <c>builtins.tryEval</c> answers it.</summary>
    public virtual bool IsCatchable => false;

    protected override Diagnostic Explain(Diagnostic summary) => Explainer.Explain(_failure);
}

/// <summary>The expression itself said that something is wrong: <c>throw</c> or <c>assert</c>.</summary>
public sealed class ThrownException : EvaluationException
{
    internal ThrownException(Failure failure) : base(failure)
    {
    }

    public override bool IsCatchable => true;
}

/// <summary>The error codes of this room.</summary>
public static class EvaluationErrors
{
    public static ErrorCode Abort { get; } = new("eval/abort");

    public static ErrorCode AssertionFailed { get; } = new("eval/assertion-failed");

    public static ErrorCode BadArgument { get; } = new("eval/bad-argument");

    public static ErrorCode CallDepth { get; } = new("eval/call-depth");

    public static ErrorCode ContextInPath { get; } = new("eval/context-in-path");

    public static ErrorCode DivisionByZero { get; } = new("eval/division-by-zero");

    public static ErrorCode DuplicateAttribute { get; } = new("eval/duplicate-attribute");

    public static ErrorCode FileNotFound { get; } = new("eval/file-not-found");

    public static ErrorCode Forbidden { get; } = new("eval/forbidden");

    public static ErrorCode IndexOutOfRange { get; } = new("eval/index-out-of-range");

    public static ErrorCode InfiniteRecursion { get; } = new("eval/infinite-recursion");

    public static ErrorCode IntegerOverflow { get; } = new("eval/integer-overflow");

    public static ErrorCode MissingArgument { get; } = new("eval/missing-argument");

    public static ErrorCode MissingAttribute { get; } = new("eval/missing-attribute");

    public static ErrorCode NotAFunction { get; } = new("eval/not-a-function");

    public static ErrorCode Thrown { get; } = new("eval/thrown");

    public static ErrorCode UndefinedVariable { get; } = new("eval/undefined-variable");

    public static ErrorCode UnexpectedArgument { get; } = new("eval/unexpected-argument");

    public static ErrorCode WrongType { get; } = new("eval/wrong-type");
}
