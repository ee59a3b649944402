namespace Firn.Transfers;

/// <summary>Takes passwords and tokens out of URLs before anybody sees them.</summary>
public static class UrlRedaction
{
    /// <summary>Returns the URL with <c>user:password@</c> blanked.</summary>
    public static string Redact(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return url;
        }

        start += "://".Length;
        var end = url.IndexOfAny(['/', '?', '#'], start);
        var at = url.LastIndexOf('@', (end < 0 ? url.Length : end) - 1);
        return at >= start ? $"{url[..start]}***{url[at..]}" : url;
    }
}
