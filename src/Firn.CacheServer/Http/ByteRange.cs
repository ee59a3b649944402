using System.Globalization;

namespace Firn.CacheServer.Http;

/// <summary>Which part of a file a request wants.</summary>
public abstract record ByteRange
{
    private ByteRange() { }

    /// <summary>All of it.</summary>
    public sealed record Whole : ByteRange;

    /// <summary>A stretch of it.</summary>
    public sealed record Part(long First, long Count) : ByteRange;

    /// <summary>A stretch that it does not have.</summary>
    public sealed record OutOfBounds : ByteRange;

    /// <summary>Reads the header <c>Range</c>; what is not understood, and several ranges at once, mean the whole, as the standard allows.</summary>
    public static ByteRange Parse(string? header, long length)
    {
        const string Unit = "bytes=";
        if (header is null || !header.StartsWith(Unit, StringComparison.Ordinal) || header.Contains(','))
        {
            return new Whole();
        }

        var dash = header.IndexOf('-');
        if (dash < 0)
        {
            return new Whole();
        }

        var from = header.AsSpan(Unit.Length, dash - Unit.Length).Trim();
        var to = header.AsSpan(dash + 1).Trim();
        if (from.IsEmpty)
        {
            return !TryRead(to, out var last) ? new Whole()
                : last == 0 || length == 0 ? new OutOfBounds()
                : new Part(Math.Max(0, length - last), Math.Min(last, length));
        }

        var end = length - 1;
        if (!TryRead(from, out var first) || (!to.IsEmpty && (!TryRead(to, out end) || end < first)))
        {
            return new Whole();
        }

        return first >= length ? new OutOfBounds() : new Part(first, Math.Min(end, length - 1) - first + 1);
    }

    private static bool TryRead(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
