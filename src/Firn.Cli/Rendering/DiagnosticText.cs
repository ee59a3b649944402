using System.Text;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>Writes a diagnostic for a person: what led there, the message, the place in the source, what to try.</summary>
internal static class DiagnosticText
{
    /// <summary>How many frames of a trace are shown unless all are asked for.</summary>
    private const int ShortTrace = 3;
    private const string Prefix = "error:";

    public static string Render(Diagnostic diagnostic, bool showsTrace, Ansi ansi)
    {
        var text = new StringBuilder();
        var prefix = ansi.Error(Prefix);
        var frames = diagnostic.Trace;
        if (!frames.IsDefaultOrEmpty)
        {
            // Outermost first, the error itself at the end, where the eye is.
            var shown = showsTrace ? frames.Length : Math.Min(frames.Length, ShortTrace);
            foreach (var frame in frames.Take(shown).Reverse())
            {
                text.Append($"\n… {frame.Doing}\n");
                AppendPlace(text, frame.Span, "  ", ansi);
            }

            if (shown < frames.Length)
            {
                text.Append('\n').Append(ansi.Warning("(stack trace truncated; use '--show-trace' to show the full, detailed trace)")).Append('\n');
            }

            text.Append('\n').Append(prefix).Append(' ');
        }

        text.Append(diagnostic.Message).Append('\n');
        AppendPlace(text, diagnostic.Span, "", ansi);
        foreach (var label in diagnostic.Labels.IsDefault ? [] : diagnostic.Labels)
        {
            text.Append($"\n{label.Text}\n");
            AppendPlace(text, label.Span, "", ansi);
        }

        foreach (var hint in diagnostic.Hints.IsDefault ? [] : diagnostic.Hints)
        {
            text.Append(hint).Append('\n');
        }

        return Indent(prefix + " ", new string(' ', Prefix.Length + 1), text.ToString().TrimEnd());
    }

    private static void AppendPlace(StringBuilder text, SourceSpan? span, string indent, Ansi ansi)
    {
        if (span is null)
        {
            return;
        }

        var (line, column) = span.Start;
        text.Append(indent).Append(ansi.Place("at ")).Append(ansi.Warning($"{span.Origin}:{line}:{column}")).Append(":\n");
        if (span.LineBytes.Length == 0)
        {
            return;
        }

        var source = Encoding.UTF8.GetString(span.LineBytes);
        text.Append($"{line,6}| {source}\n");
        var before = Math.Clamp(column - 1, 0, span.LineBytes.Length);
        var offset = new string([.. Encoding.UTF8.GetString(span.LineBytes, 0, before).Select(c => c == '\t' ? '\t' : ' ')]);
        var end = Math.Clamp(before + Math.Max(span.Length, 1), before, Math.Max(span.LineBytes.Length, before + 1));
        text.Append("      | ").Append(offset).Append(ansi.Error(new string('^', Math.Max(1, end - before)))).Append('\n');
    }

    private static string Indent(string first, string rest, string text)
    {
        var lines = text.Split('\n');
        return string.Join('\n', lines.Select((line, i) => ((i == 0 ? first : rest) + line).TrimEnd()));
    }
}
