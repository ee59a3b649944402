using System.Text;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>Writes a diagnostic for a person: the message, the place to change, other places, what to try, what led there.</summary>
/// <remarks>
/// Under upstream's names the first line is <c>error: MESSAGE</c>, which scripts look for, and the code comes last; under its own name
/// it is <c>error[CODE]: MESSAGE</c>.
/// </remarks>
internal static class DiagnosticText
{
    // How much of what led to the failure is shown unless all is asked for.
    private const int MaxRemarks = 4;
    private const int MaxFrames = 3;

    public static string Render(Diagnostic diagnostic, bool showsTrace, Ansi ansi) =>
        Render(diagnostic, showsTrace, ansi, isOwnName: ProgramNames.Called() == "firn");

    /// <param name="diagnostic">What to write.</param>
    /// <param name="showsTrace">Whether all that led to the failure is written.</param>
    /// <param name="ansi">The colours.</param>
    /// <param name="isOwnName">Whether the program was called by its own name.</param>
    public static string Render(Diagnostic diagnostic, bool showsTrace, Ansi ansi, bool isOwnName)
    {
        var text = new StringBuilder();
        var prefix = isOwnName ? $"error[{diagnostic.Code}]:" : "error:";
        text.Append(ansi.Error(prefix)).Append(' ').Append(Indent(diagnostic.Message.TrimEnd(), "       ")).Append('\n');
        var width = Places(diagnostic).Select(s => s.Start.Line).DefaultIfEmpty(0).Max().ToString().Length;
        var page = new Page(text, ansi, Math.Max(2, width), isOwnName);
        page.Place(diagnostic.Span, diagnostic.SpanText, isPrimary: true);
        foreach (var label in Or(diagnostic.Labels))
        {
            page.Place(label.Span, label.Text, isPrimary: false);
        }

        foreach (var hint in Or(diagnostic.Hints))
        {
            page.Remark("help", hint);
        }

        foreach (var note in Or(diagnostic.Notes))
        {
            page.Remark("note", note);
        }

        Trace(page, diagnostic, showsTrace);
        return text.ToString().TrimEnd();
    }

    private static void Trace(Page page, Diagnostic diagnostic, bool showsTrace)
    {
        var frames = Or(diagnostic.Trace);
        if (showsTrace)
        {
            Whole(page, frames);
            return;
        }

        var shown = new HashSet<(SourceOrigin, int)>(Places(diagnostic).Select(s => (s.Origin, s.Start.Line)));
        var (remarks, own) = (0, 0);
        var hidden = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var frame in frames)
        {
            if (frame.IsRemark ? remarks++ < MaxRemarks : frame is { Library: null, IsMinor: false } && frame.Span is { } span && own < MaxFrames && shown.Add((span.Origin, span.Start.Line)))
            {
                own += frame.IsRemark ? 0 : 1;
                page.Frame(frame, withSource: false);
            }
            else if (!frame.IsRemark && frame.Library is { } library)
            {
                hidden[library] = hidden.GetValueOrDefault(library) + 1;
            }
        }

        if (hidden.Count > 0)
        {
            page.Line($"… {string.Join(", ", hidden.Select(h => $"{h.Value} frame{(h.Value == 1 ? "" : "s")} in {h.Key}"))} hidden; --show-trace shows all");
        }
        else if (frames.Count(f => !f.IsRemark && f.Span is not null) > own + 1)
        {
            page.Line("(stack trace truncated; use '--show-trace' to show the full, detailed trace)");
        }
    }

    // What calls itself again and again is shown once.
    private static void Whole(Page page, IReadOnlyList<TraceFrame> frames)
    {
        var seen = new HashSet<(string, SourceOrigin?, LineColumn?)>();
        var omitted = 0;
        foreach (var frame in frames)
        {
            if (!seen.Add((frame.Doing, frame.Span?.Origin, frame.Span?.Start)))
            {
                omitted++;
                continue;
            }

            Omitted();
            page.Frame(frame, withSource: true);
        }

        Omitted();

        void Omitted()
        {
            if (omitted > 0)
            {
                page.Line($"({omitted} duplicate frame{(omitted == 1 ? "" : "s")} omitted)");
                omitted = 0;
            }
        }
    }

    private static IEnumerable<SourceSpan> Places(Diagnostic diagnostic) =>
        [.. diagnostic.Span is { } span ? (SourceSpan[])[span] : [], .. Or(diagnostic.Labels).Select(l => l.Span)];

    private static IReadOnlyList<T> Or<T>(System.Collections.Immutable.ImmutableArray<T> items) => items.IsDefault ? [] : items;

    private static string Indent(string text, string margin) => text.Replace("\n", "\n" + margin).Replace("\n" + margin + "\n", "\n\n");

    /// <summary>The lines below the message, with line numbers in a column of <paramref name="width"/>.</summary>
    private sealed class Page(StringBuilder text, Ansi ansi, int width, bool isOwnName)
    {
        private string Margin => new(' ', width + 1);

        public void Place(SourceSpan? span, string label, bool isPrimary)
        {
            if (span is null)
            {
                return;
            }

            text.Append(Margin).Append(ansi.Place(isOwnName ? "┌─ " : "at ")).Append(ansi.Bold(Name(span))).Append(isOwnName ? "\n" : ":\n");
            if (span.LineBytes.Length == 0)
            {
                if (label.Length > 0)
                {
                    text.Append(Margin).Append(ansi.Place("│ ")).Append(label).Append('\n');
                }

                return;
            }

            var bytes = span.LineBytes;
            text.Append(ansi.Place($"{span.Start.Line.ToString().PadLeft(width)} │ ")).Append(Encoding.UTF8.GetString(bytes)).Append('\n');
            var before = Math.Clamp(span.Start.Column - 1, 0, bytes.Length);
            var length = Math.Clamp(span.Length, 0, bytes.Length - before);
            var offset = new string([.. Encoding.UTF8.GetString(bytes, 0, before).Select(c => c == '\t' ? '\t' : ' ')]);
            var marks = new string(isPrimary ? '^' : '-', Math.Max(1, Encoding.UTF8.GetString(bytes, before, length).TrimEnd().Length));
            var line = label.Length == 0 ? marks : $"{marks} {label}";
            text.Append(Margin).Append(ansi.Place("│ ")).Append(offset).Append(isPrimary ? ansi.Error(line) : ansi.Place(line)).Append('\n');
        }

        public void Remark(string kind, string sentence) =>
            text.Append(Margin).Append("= ").Append(ansi.Bold(kind + ":")).Append(' ').Append(Indent(sentence, Margin + "  ")).Append('\n');

        public void Frame(TraceFrame frame, bool withSource)
        {
            text.Append(Margin).Append("… ").Append(Indent(frame.Doing, Margin + "  "));
            if (frame.Span is { } span && !withSource)
            {
                text.Append(" at ").Append(Name(span));
            }

            text.Append('\n');
            if (withSource)
            {
                Place(frame.Span, "", isPrimary: false);
            }
        }

        public void Line(string line) => text.Append(Margin).Append(ansi.Faint(line)).Append('\n');

        private static string Name(SourceSpan span) => $"{span.Origin}:{span.Start.Line}:{span.Start.Column}";
    }
}
