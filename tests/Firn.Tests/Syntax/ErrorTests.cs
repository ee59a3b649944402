using System.Text;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Syntax;

public sealed class ErrorTests
{
    private static readonly string _cases = Path.Combine(Sources.Folder(), "Cases");

    [Fact]
    public void Each_error_names_the_place_to_change_and_says_how()
    {
        var output = new StringBuilder();
        foreach (var source in Sources.Split(File.ReadAllBytes(Path.Combine(_cases, "errors.in"))))
        {
            var result = Sources.Parse(source);
            Assert.Null(result.Root);
            Write(output, source, Assert.Single(result.Diagnostics));
        }

        Golden.Check(Path.Combine(_cases, "errors.exp"), output.ToString());
    }

    private static void Write(StringBuilder output, byte[] source, Diagnostic diagnostic)
    {
        output.Append(Encoding.UTF8.GetString(source)).Append("---- ").Append(diagnostic.Code).Append('\n');
        output.Append(diagnostic.Message).Append('\n');
        Write(output, diagnostic.Span!, '^');
        foreach (var label in diagnostic.Labels)
        {
            output.Append(label.Text).Append('\n');
            Write(output, label.Span, '-');
        }

        foreach (var hint in diagnostic.Hints)
        {
            output.Append("= ").Append(hint).Append('\n');
        }

        output.Append("====\n");
    }

    private static void Write(StringBuilder output, SourceSpan span, char mark)
    {
        output.Append(span.Start.Line).Append('|').Append(Encoding.UTF8.GetString(span.LineBytes)).Append('\n');
        output.Append(span.Start.Line).Append('|').Append(' ', span.Start.Column - 1).Append(mark, Math.Max(1, span.Length))
            .Append('\n');
    }
}
