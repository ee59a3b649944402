namespace Firn.Sessions.Configuration;

/// <summary>Takes apart the text of <c>NIX_PATH</c>.</summary>
public static class LookupPathText
{
    /// <summary>Splits at colons, except those of URIs such as <c>https://</c> or <c>channel:</c>.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var entries = new List<string>();
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ':' && !IsOfUri(text, start, i)))
            {
                if (i > start)
                {
                    entries.Add(text[start..i]);
                }

                start = i + 1;
            }
        }

        return entries;
    }

    private static bool IsOfUri(string text, int start, int colon)
    {
        var equals = text.IndexOf('=', start, colon - start);
        var scheme = text.AsSpan((equals < 0 ? start : equals + 1)..colon);
        return text.AsSpan(colon).StartsWith("://") || scheme is "flake" or "channel";
    }
}
