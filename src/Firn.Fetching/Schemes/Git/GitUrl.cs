using Firn.Fetching.Urls;

namespace Firn.Fetching.Schemes.Git;

/// <summary>Understands what people write for the place of a Git repository.</summary>
public static class GitUrl
{
    /// <summary>Makes a URL of a path, of <c>user@host:path</c>, or of a URL that may say <c>git+</c> before its scheme.</summary>
    /// <exception cref="FetchException">It is none of these.</exception>
    public static string Normalise(string text)
    {
        if (!text.StartsWith('/') && ParseScp(text) is { } ssh)
        {
            text = ssh;
        }

        if (!text.StartsWith("file:", StringComparison.Ordinal) && !text.StartsWith("git+file:", StringComparison.Ordinal)
            && !text.Contains("://", StringComparison.Ordinal))
        {
            return text.Split('/')[0].Contains(':')
                ? throw new FetchException(FetchErrors.BadUrl, $"SCP-like URL '{text}' is not supported; use SSH URL syntax instead (ssh://...)")
                : new Url { Scheme = "file", Authority = text.StartsWith('/') ? "" : null, Path = text }.ToString();
        }

        var url = Url.Parse(text);
        return (url.Application == "git" ? url with { Scheme = url.Transport } : url).ToString();
    }

    /// <summary>Returns where a submodule is: as it says, or in relation to the repository that it is in.</summary>
    public static string ResolveSubmodule(string repository, string url)
    {
        if (!url.StartsWith("./", StringComparison.Ordinal) && !url.StartsWith("../", StringComparison.Ordinal))
        {
            return url;
        }

        var start = repository.TrimEnd('/');
        while (true)
        {
            if (url.StartsWith("./", StringComparison.Ordinal))
            {
                url = url[2..];
            }
            else if (url.StartsWith("../", StringComparison.Ordinal))
            {
                url = url[3..];
                var end = start.LastIndexOfAny(['/', ':']);
                start = end > 0 ? start[..end] : throw new FetchException(FetchErrors.BadUrl, $"the submodule URL '{url}' leads out of '{repository}'");
            }
            else
            {
                return $"{start}/{url}";
            }
        }
    }

    /// <summary>Tells whether git takes <paramref name="name"/> for a branch or tag.</summary>
    public static bool IsLegalReference(string name) =>
        name is not ("" or "@") && name[0] is not ('-' or '/') && name[^1] is not ('/' or '.')
        && !name.Any(c => c is <= ' ' or '\x7f' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
        && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("@{", StringComparison.Ordinal) && !name.Contains("//", StringComparison.Ordinal)
        && name.Split('/').All(part => !part.StartsWith('.') && !part.EndsWith(".lock", StringComparison.Ordinal));

    /// <summary>Turns <c>user@host:path</c> into a URL; null when it is something else.</summary>
    private static string? ParseScp(string text)
    {
        var slash = text.IndexOf('/');
        var at = (slash < 0 ? text : text[..slash]).LastIndexOf('@');
        var colon = text.LastIndexOf(':');
        return at >= 0 && colon > at ? $"ssh://{text[..at]}@{text[(at + 1)..colon]}/{text[(colon + 1)..]}" : null;
    }
}
