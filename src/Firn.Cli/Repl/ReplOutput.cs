using Firn.Cli.Rendering;
using Firn.Evaluation;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Prompting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Repl;

/// <summary>Shows values, documentation, notices and errors at the prompt, in the order in which they come about.</summary>
/// <param name="output">Where data goes.</param>
/// <param name="log">Where notices and errors go.</param>
/// <param name="isTerminal">Whether a person looks on: then there are colours, and very large values are folded.</param>
/// <param name="rawMarkdown">Whether documentation is shown as it is written.</param>
internal sealed class ReplOutput(Output output, IDiagnosticLog log, bool isTerminal, bool rawMarkdown)
{
    private const int FoldedAbove = 250;

    private readonly Ansi _ansi = new(isTerminal);

    /// <summary>Whether errors come with all that led to them.</summary>
    public bool ShowsTrace { get; set; }

    public Ansi Ansi => _ansi;

    /// <summary>Shows data.</summary>
    public void Line(string text) => output.Text.Write(text + "\n");

    public void Bytes(ReadOnlySpan<byte> bytes) => output.Stream.Write(bytes);

    /// <summary>Shows what is not data.</summary>
    public void Notice(string text)
    {
        output.Flush();
        log.Write(Verbosity.Notice, text);
    }

    public void Error(Diagnostic diagnostic)
    {
        output.Flush();
        log.Write(IsOnlyRepeated(diagnostic) ? diagnostic with { SpanText = "" } : diagnostic, ShowsTrace);
    }

    public void Flush() => output.Flush();

    // What was typed just now and is named in the message needs no words of its own below it.
    private static bool IsOnlyRepeated(Diagnostic diagnostic) =>
        diagnostic.Span?.Origin is SourceOrigin.Text
        && (diagnostic.Code == EvaluationErrors.MissingAttribute || diagnostic.Code == EvaluationErrors.UndefinedVariable);

    /// <summary>Prints a value.</summary>
    /// <param name="eval">Who computes it.</param>
    /// <param name="value">The value.</param>
    /// <param name="whole">Whether what is in its sets and lists is printed too, and all of it.</param>
    public void Print(Evaluator eval, Value value, bool whole)
    {
        var isFolded = !whole && isTerminal && PromptValues.CountOf(value) > FoldedAbove;
        var options = new PrintOptions
        {
            Force = true,
            DerivationPaths = true,
            MaxDepth = whole ? int.MaxValue : 1,
            MaxAttributes = isFolded ? FoldedAbove : int.MaxValue,
            MaxItems = isFolded ? FoldedAbove : int.MaxValue,
            Indentation = 2,
            ThrowsAtTop = true,
            IsColoured = isTerminal,
        };
        ValuePrinter.Print(value, eval, options, output.Stream);
        Line("");
        if (isFolded)
        {
            Line(_ansi.Faint(":p shows all of it"));
        }
    }

    /// <summary>Shows documentation.</summary>
    public void Markdown(string text) => Line((rawMarkdown ? text : MarkdownText.Render(text, _ansi)).Trim());
}
