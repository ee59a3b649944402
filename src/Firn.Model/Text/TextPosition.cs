using Firn.Model.Diagnostics;

namespace Firn.Model.Text;

/// <summary>Turns an offset into the line and column that a reader looks for.</summary>
internal static class TextPosition
{
    internal static LineColumn Of(ReadOnlySpan<byte> text, int offset)
    {
        var before = text[..Math.Min(offset, text.Length)];
        return new LineColumn(before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }
}
