using System.Text;
using System.Text.RegularExpressions;
using Firn.Cli.Rendering;

namespace Firn.Cli.Repl;

/// <summary>Shows Markdown on a terminal: marks become colours or vanish, blocks of code get a bar in front.</summary>
internal static partial class MarkdownText
{
    public static string Render(string markdown, Ansi ansi)
    {
        var text = new StringBuilder();
        var isCode = false;
        foreach (var line in markdown.Split('\n'))
        {
            if (line.AsSpan().TrimStart().StartsWith("```"))
            {
                isCode = !isCode;
            }
            else
            {
                text.Append(isCode ? "  │ " + line : Inline(line, ansi)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Inline(string line, Ansi ansi)
    {
        line = line.EndsWith('\\') ? line[..^1] : line;
        if (Heading().Match(line) is { Success: true } heading)
        {
            return ansi.Bold(heading.Groups[1].Value);
        }

        line = Code().Replace(line, m => ansi.Place(m.Groups[1].Value));
        line = Strong().Replace(line, m => ansi.Bold(m.Groups[1].Value));
        return Emphasis().Replace(line, m => ansi.Faint(m.Groups[1].Value));
    }

    [GeneratedRegex("^#+ +(.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Strong();

    [GeneratedRegex(@"\*([^*\s][^*]*)\*")]
    private static partial Regex Emphasis();
}
