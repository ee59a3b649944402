using System.Globalization;
using System.Text;

namespace Firn.Sessions.Profiling;

/// <summary>Draws a profile as a picture that a browser shows: each call a bar as wide as it took long, upon the call that made it.</summary>
public static class FlameGraph
{
    private const double Width = 1200;
    private const int RowHeight = 17;
    private const int Margin = 30;
    private const double MinShown = 0.3;
    private const double LetterWidth = 6.6;

    /// <summary>Returns the picture as SVG.</summary>
    /// <param name="counts">How often each stack of calls, joined by semicolons, was seen.</param>
    public static string Draw(IReadOnlyDictionary<string, int> counts)
    {
        var root = new Bar("all");
        foreach (var (stack, count) in counts)
        {
            var at = root;
            at.Count += count;
            foreach (var name in stack.Split(';'))
            {
                at = at.Child(name);
                at.Count += count;
            }
        }

        var depth = root.Depth();
        var height = (depth * RowHeight) + (2 * Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="monospace" font-size="11">
            <title>Where the time of the evaluation goes</title>
            <rect width="100%" height="100%" fill="#fdf6e3"/>
            <text x="10" y="20">{root.Count} samples; hover over a bar for its call</text>

            """);
        if (root.Count > 0)
        {
            Write(svg, root, 0, Width / root.Count, height - Margin, root.Count);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Write(StringBuilder svg, Bar bar, double left, double scale, int bottom, int total)
    {
        // Not by recursion: evaluations are deeper than a thread's stack.
        var pending = new Stack<(Bar Bar, double Left, int Bottom)>([(bar, left, bottom)]);
        while (pending.TryPop(out var next))
        {
            var width = next.Bar.Count * scale;
            if (width < MinShown)
            {
                continue;
            }

            var share = 100.0 * next.Bar.Count / total;
            var name = Escaped(next.Bar.Name);
            var shown = (int)(width / LetterWidth);
            svg.Append(CultureInfo.InvariantCulture, $"""<g><title>{name}: {next.Bar.Count} samples, {share:0.0} %</title><rect x="{next.Left:0.0}" y="{next.Bottom - RowHeight}" width="{width:0.0}" height="{RowHeight - 1}" rx="2" fill="hsl({Hue(next.Bar.Name)} 80% 70%)"/>""");
            if (shown > 3)
            {
                var label = next.Bar.Name.Length > shown ? next.Bar.Name[^shown..] : next.Bar.Name;
                svg.Append(CultureInfo.InvariantCulture, $"""<text x="{next.Left + 2:0.0}" y="{next.Bottom - 5}">{Escaped(label)}</text>""");
            }

            svg.Append("</g>\n");
            var at = next.Left;
            foreach (var child in next.Bar.Children)
            {
                pending.Push((child, at, next.Bottom - RowHeight));
                at += child.Count * scale;
            }
        }
    }

    // Calls from one file have one colour.
    private static int Hue(string name)
    {
        var hash = 0;
        foreach (var c in name.AsSpan(0, Math.Max(0, name.IndexOf(':'))))
        {
            hash = ((hash * 31) + c) & 0xffff;
        }

        return hash % 360;
    }

    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private sealed class Bar(string name)
    {
        private readonly Dictionary<string, Bar> _children = new(StringComparer.Ordinal);

        public string Name => name;

        public int Count { get; set; }

        public IEnumerable<Bar> Children => _children.Values;

        public Bar Child(string child) => _children.TryGetValue(child, out var known) ? known : _children[child] = new Bar(child);

        public int Depth()
        {
            var deepest = 0;
            var pending = new Stack<(Bar Bar, int Depth)>([(this, 1)]);
            while (pending.TryPop(out var next))
            {
                deepest = Math.Max(deepest, next.Depth);
                foreach (var child in next.Bar._children.Values)
                {
                    pending.Push((child, next.Depth + 1));
                }
            }

            return deepest;
        }
    }
}
