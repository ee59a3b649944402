using System.Collections.Immutable;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Evaluation.Explaining;

/// <summary>What is known at once about a failure; everything else is found out when somebody asks.</summary>
internal sealed record Failure(Evaluator Eval, ErrorCode Code, string Message, int Position)
{
    /// <summary>What was going on, outermost first.</summary>
    public required Activity[] Frames { get; init; }

    /// <summary>The frames among them that are there for traces only.</summary>
    public ContextFrame[] Contexts { get; init; } = [];

    /// <summary>What was being done with the value; may be empty.</summary>
    public string Doing { get; init; } = "";

    /// <summary>The value that is wrong.</summary>
    public Value? Found { get; init; }

    /// <summary>What it should have been, with its article.</summary>
    public string? Wanted { get; init; }

    /// <summary>The code that failed, and the environment it ran in.</summary>
    public Code? Site { get; init; }

    public Env? Environment { get; init; }

    /// <summary>The name that was not found or not expected.</summary>
    public Symbol? Name { get; init; }

    /// <summary>Whether a builtin looked for the name, so that it cannot be the one that is misspelt.</summary>
    public bool IsNameFixed { get; init; }

    /// <summary>The set that the name is not in.</summary>
    public AttributeSet? Set { get; init; }

    /// <summary>The function that was called in the wrong way.</summary>
    public LambdaCode? Function { get; init; }

    /// <summary>The thunk that needs itself.</summary>
    public Thunk? Cycle { get; init; }

    /// <summary>The place in another file, such as one of JSON, that the failure is about.</summary>
    public SourceSpan? Elsewhere { get; init; }

    public ImmutableArray<string> Hints { get; init; } = [];
}
