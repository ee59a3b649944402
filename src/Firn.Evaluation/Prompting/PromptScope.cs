using System.Text;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Evaluation.Values.AttributeSet;

namespace Firn.Evaluation.Prompting;

/// <summary>The variables that somebody at a prompt has, and what texts come to in sight of them.</summary>
public sealed class PromptScope(Evaluator eval, string baseDirectory)
{
    private AttributeSet _variables = AttributeSet.Empty;

    public Evaluator Evaluator => eval;

    /// <summary>The names of all variables, the language's own too.</summary>
    public IEnumerable<string> Names =>
        PromptValues.Names(eval, _variables).Concat(eval.Globals.Names.Select(n => n.ToString())).Distinct();

    /// <summary>Forgets all variables.</summary>
    public void Clear() => _variables = AttributeSet.Empty;

    /// <summary>Makes variables of a set's attributes; newer ones hide older ones.</summary>
    public void Add(AttributeSet set) => _variables = _variables.Update(set, eval.Shapes);

    /// <summary>Reads a text as somebody types it at a prompt: definitions or an expression.</summary>
    public PromptInput Read(string text)
    {
        var bare = eval.Files.Read(text, baseDirectory, asBindings: true);
        if (bare.Root is Syntax.Trees.AttributeSet definitions)
        {
            return new PromptInput.Definitions(definitions);
        }

        // The semicolon may be left out; on a line of its own it is not seen in messages.
        var ended = eval.Files.Read(text + "\n;", baseDirectory, asBindings: true);
        if (ended.Root is Syntax.Trees.AttributeSet completed)
        {
            return new PromptInput.Definitions(completed);
        }

        var read = ReadExpression(text);
        return read is PromptInput.Wrong && (bare.IsIncomplete || ended.IsIncomplete) ? new PromptInput.Incomplete() : read;
    }

    /// <summary>Reads a text that must be an expression.</summary>
    public PromptInput ReadExpression(string text)
    {
        var result = eval.Files.Read(text, baseDirectory, asBindings: false);
        return result switch
        {
            { Root: { } root } => new PromptInput.Term(root),
            { IsIncomplete: true } => new PromptInput.Incomplete(),
            _ => new PromptInput.Wrong(new SourceException(result.Diagnostics[0])),
        };
    }

    /// <summary>Returns what an expression comes to.</summary>
    /// <exception cref="FirnException">It cannot be computed.</exception>
    public Value Evaluate(Expression expression) => Attempt(() => eval.Force(eval.Files.Evaluate(expression, _variables)));

    /// <summary>Makes variables of definitions; they see the variables that were there before.</summary>
    public void Define(Syntax.Trees.AttributeSet definitions) => Add(Evaluate(definitions).AsSet!.Value);

    /// <summary>Applies a function that is written in the language to a value.</summary>
    public Value Apply(string function, Value argument) =>
        Attempt(() => eval.Force(eval.Call(eval.Files.EvaluateText(function, baseDirectory), argument)));

    /// <summary>Runs something that evaluates; when it fails, evaluation is where it was before.</summary>
    public T Attempt<T>(Func<T> work)
    {
        var depth = eval.Depth;
        try
        {
            return work();
        }
        catch (FirnException failure) when (eval.Shows(failure) || true)
        {
            // Explained while all that is part of the explanation is still as it was.
            _ = failure.Diagnostic;
            eval.Unwind(depth);
            throw;
        }
        catch (OperationCanceledException)
        {
            eval.Unwind(depth);
            throw;
        }
    }

    /// <summary>Returns a name as it is written in the language, quoted where it has to be.</summary>
    public static string Written(string name)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        Syntax.Printing.Literals.WriteName(text, Encoding.UTF8.GetBytes(name));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}

/// <summary>What a text typed at a prompt is.</summary>
public abstract record PromptInput
{
    private PromptInput() { }

    /// <summary><c>a = 1; inherit (b) c</c></summary>
    public sealed record Definitions(Syntax.Trees.AttributeSet Set) : PromptInput;

    /// <summary>An expression.</summary>
    public sealed record Term(Expression Expression) : PromptInput;

    /// <summary>The beginning of something: more lines must follow.</summary>
    public sealed record Incomplete : PromptInput;

    /// <summary>Nothing that more lines could mend.</summary>
    public sealed record Wrong(SourceException Failure) : PromptInput;
}
