namespace Firn.CacheServer.Http;

/// <summary>Tells whether a client has already what it asks for.</summary>
public static class Preconditions
{
    /// <summary>Tells whether the header <c>If-None-Match</c> names <paramref name="tag"/>, which comes with its quotes.</summary>
    public static bool Names(string? header, string tag)
    {
        if (header is null)
        {
            return false;
        }

        foreach (var part in header.AsSpan().Split(','))
        {
            var one = header.AsSpan(part).Trim();
            if (one is "*" || (one.StartsWith("W/", StringComparison.Ordinal) ? one[2..] : one).SequenceEqual(tag))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether <c>If-Range</c> allows a part to be sent: the client's other parts must be of the same file.</summary>
    public static bool AllowsPart(string? header, string tag) => header is null || header == tag;
}
