using Firn.Model.Diagnostics;
using Firn.Syntax.Parsing;
using Firn.Syntax.Printing;
using Firn.Syntax.Text;

namespace Firn.Fuzz.Targets;

/// <summary>The parser: any bytes give a tree or one error whose spans lie inside the source.</summary>
internal sealed class ParserTarget : IFuzzTarget
{
    private static readonly ParserOptions _options = new() { HomeDirectory = "/home/me", PipeOperators = true };

    public string Name => "parser";

    public void Check(byte[] input)
    {
        var source = new SourceTable().Add(new SourceOrigin.Text(), input, "/base");
        var result = Parser.Parse(source, new SymbolTable(), _options);
        foreach (var warning in result.Warnings)
        {
            CheckSpan(source, warning.Span);
        }

        if (result.Root is { } root)
        {
            Assert.Empty(result.Diagnostics);
            Assert.NotEmpty(ExpressionPrinter.Print(root));
            return;
        }

        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.StartsWith("syntax/", diagnostic.Code.Name, StringComparison.Ordinal);
        Assert.NotEmpty(diagnostic.Message);
        CheckSpan(source, diagnostic.Span);
        Assert.All(diagnostic.Labels, label => CheckSpan(source, label.Span));
    }

    private static void CheckSpan(SourceText source, SourceSpan? span)
    {
        Assert.NotNull(span);
        Assert.True(span.Start.Line >= 1 && span.Start.Column >= 1, "counted from 1");
        Assert.True(source.Line(span.Start.Line).SequenceEqual(span.LineBytes), "the line of the source");

        // The end of the last line may be pointed at, also behind its line end.
        Assert.True(span.Start.Column - 1 <= span.LineBytes.Length + 2, "a column inside the line");
        Assert.True(span.Length == 0 || span.Start.Column - 1 + span.Length <= span.LineBytes.Length, "a span inside the line");
    }
}
