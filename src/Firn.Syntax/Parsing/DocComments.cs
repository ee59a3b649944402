using System.Text;
using Firn.Syntax.Text;
using Firn.Syntax.Tokens;

namespace Firn.Syntax.Parsing;

/// <summary>Finds documentation comments, <c>/** … */</c>, and takes their text out.</summary>
public static class DocComments
{
    // A comment longer than this in front of a name is not looked for.
    private const int MaxLength = 1 << 16;

    /// <summary>Returns the text of the comment right in front of the global <paramref name="position"/>, or null.</summary>
    public static string? Before(SourceText source, int position)
    {
        var offset = position - source.Base;
        var from = Math.Max(0, offset - MaxLength);
        var lexer = new Lexer(source.Bytes);
        for (var start = offset; start > from;)
        {
            start = from + source.Bytes.AsSpan(from..start).LastIndexOf("/**"u8);
            if (start < from)
            {
                return null;
            }

            if (lexer.SkipBlanks(start) == offset)
            {
                var end = start + 2 + source.Bytes.AsSpan((start + 2)..offset).IndexOf("*/"u8) + 2;
                return end - start > 5 ? Text(source.Bytes.AsSpan(start..end)) : null;
            }
        }

        return null;
    }

    /// <summary>Returns the text of a comment that starts and ends at these global positions.</summary>
    public static string Text(SourceText source, int start, int end) =>
        Text(source.Bytes.AsSpan((start - source.Base)..(end - source.Base)));

    // What opens the comment counts as indentation, so that text may begin on its line.
    private static string Text(ReadOnlySpan<byte> comment) => StripIndentation("   " + Encoding.UTF8.GetString(comment[3..^2]));

    /// <summary>Takes off every line what all lines with text start with; the last line goes when it is blank.</summary>
    private static string StripIndentation(string text)
    {
        var lines = text.Split('\n');
        var common = lines.Where(l => l.AsSpan().Trim(" ").Length > 0).Select(l => l.Length - l.TrimStart(' ').Length).DefaultIfEmpty(0).Min();
        var kept = lines.Select(l => l[Math.Min(common, l.Length - l.TrimStart(' ').Length)..]).ToList();
        if (kept[^1].AsSpan().Trim(" ").IsEmpty)
        {
            kept.RemoveAt(kept.Count - 1);
        }

        return string.Concat(kept.Select(l => l + "\n"));
    }
}
