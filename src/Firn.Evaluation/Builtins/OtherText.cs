using Firn.Model.Diagnostics;

namespace Firn.Evaluation.Builtins;

/// <summary>Places in files of other languages that expressions read.</summary>
internal static class OtherText
{
    public static SourceSpan Span(string file, byte[] text, int offset)
    {
        offset = Math.Clamp(offset, 0, text.Length);
        var before = text.AsSpan(0, offset);
        var start = before.LastIndexOf((byte)'\n') + 1;
        var rest = text.AsSpan(start);
        var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        return new SourceSpan(
            new SourceOrigin.File(file), new LineColumn(before.Count((byte)'\n') + 1, offset - start + 1), 1, (end < 0 ? rest : rest[..end]).ToArray());
    }

    /// <summary>Moves from where JSON ends to be understood to the comma before it that is too many, or missing.</summary>
    public static int CommaNear(byte[] text, int offset)
    {
        var before = text.AsSpan(0, Math.Clamp(offset, 0, text.Length)).TrimEnd(" \t\r\n"u8);
        if (before.Length == 0 || offset >= text.Length)
        {
            return offset;
        }

        var isTooMany = before[^1] == ',' && text[offset] is (byte)']' or (byte)'}';
        var isMissing = before[^1] is (byte)'"' or (byte)'}' or (byte)']' or (>= (byte)'0' and <= (byte)'9') or (byte)'e' or (byte)'l'
            && text[offset] is (byte)'"' or (byte)'{' or (byte)'[' or (>= (byte)'0' and <= (byte)'9');
        return isTooMany || (isMissing && before.Length < offset) ? before.Length - 1 : offset;
    }
}
