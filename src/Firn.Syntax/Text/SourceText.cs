using Firn.Model.Diagnostics;

namespace Firn.Syntax.Text;

/// <summary>The bytes of one source and where they came from.</summary>
/// <param name="Origin">What to call it in messages: a file, <c>«string»</c>, <c>«stdin»</c>.</param>
/// <param name="Bytes">The text itself; not to be changed.</param>
/// <param name="BaseDirectory">The absolute directory that relative paths in the text start from.</param>
/// <param name="Base">The global position of the first byte, as <see cref="SourceTable"/> gave it out.</param>
public sealed record SourceText(SourceOrigin Origin, byte[] Bytes, string BaseDirectory, int Base)
{
    private int[]? _lineStarts;

    /// <summary>Returns the line and column (both from 1, columns in bytes) of the global <paramref name="position"/>.</summary>
    public LineColumn Locate(int position)
    {
        var offset = Math.Clamp(position - Base, 0, Bytes.Length);
        var starts = _lineStarts ??= FindLineStarts();
        var index = Array.BinarySearch(starts, offset);
        var line = index >= 0 ? index : ~index - 1;
        return new LineColumn(line + 1, offset - starts[line] + 1);
    }

    /// <summary>Returns the bytes of line <paramref name="line"/> (from 1) without its end, or nothing past the end.</summary>
    public ReadOnlySpan<byte> Line(int line)
    {
        var starts = _lineStarts ??= FindLineStarts();
        if (line < 1 || line > starts.Length)
        {
            return default;
        }

        var end = line < starts.Length ? starts[line] : Bytes.Length;
        return Bytes.AsSpan(starts[line - 1]..end).TrimEnd("\r\n"u8);
    }

    private int[] FindLineStarts()
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < Bytes.Length; i++)
        {
            // A lone carriage return ends a line too, as upstream counts them.
            if (Bytes[i] == '\n' || (Bytes[i] == '\r' && (i + 1 == Bytes.Length || Bytes[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return [.. starts];
    }
}
