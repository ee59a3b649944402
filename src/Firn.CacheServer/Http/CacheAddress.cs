using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.CacheServer.Http;

/// <summary>What a request asks for.</summary>
/// <param name="Cache">The cache by its name; null for the server itself.</param>
/// <param name="Target">What of it.</param>
/// <param name="Query">What follows the question mark.</param>
public sealed record CacheAddress(string? Cache, CacheTarget Target, string Query)
{
    private const int MaxLength = 2048;

    /// <summary>Reads the target of a request as it stands on its first line; null when it can mean nothing here.</summary>
    public static CacheAddress? Parse(string target)
    {
        if (target.Length > MaxLength || !target.StartsWith('/'))
        {
            return null;
        }

        var mark = target.IndexOf('?');
        var (path, query) = mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
        var parts = path[1..].Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (Unescape(parts[i]) is not { } part)
            {
                return null;
            }

            parts[i] = part;
        }

        return parts switch
        {
            [""] => new CacheAddress(null, new CacheTarget.Page(), query),
            [var cache, .. var rest] when Metadata.NamedCache.FindProblem(cache) is null && Find(rest) is { } found => new CacheAddress(cache, found, query),
            _ => null,
        };
    }

    private static CacheTarget? Find(string[] parts) => parts switch
    {
        [] or [""] => new CacheTarget.Page(),
        ["nix-cache-info"] => new CacheTarget.Info(),
        [var file] when Strip(file, ".narinfo") is { } digest && IsDigest(digest) => new CacheTarget.NarInfo(digest),
        [var file] when Strip(file, ".ls") is { } digest && IsDigest(digest) => new CacheTarget.Listing(digest),
        ["nar", var file] when IsFileName(file) => new CacheTarget.Nar(file),
        ["log", var file] when StorePath.TryParse(file, out _) => new CacheTarget.Extra($"log/{file}"),
        ["debuginfo", var file] when IsFileName(file) => new CacheTarget.Extra($"debuginfo/{file}"),
        ["realisations", var file] when Strip(file, ".doi") is { } id && IsFileName(file) => new CacheTarget.Realisation(id),
        ["-", var action] => new CacheTarget.Action(action, ""),
        ["-", var action, var argument] when IsFileName(argument) => new CacheTarget.Action(action, argument),
        _ => null,
    };

    private static string? Strip(string text, string ending) => text.EndsWith(ending, StringComparison.Ordinal) ? text[..^ending.Length] : null;

    private static bool IsDigest(string text) => text.Length == StorePath.DigestLength && text.All(Nix32.IsDigit);

    private static bool IsFileName(string text) => text.Length is > 0 and <= 255 && text[0] != '.' && text.All(c => c is > ' ' and < '\x7f' and not '/');

    // Escapes stand for characters of ASCII only: no name here has others.
    private static string? Unescape(string part)
    {
        if (!part.Contains('%'))
        {
            return part;
        }

        var text = new System.Text.StringBuilder(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] != '%')
            {
                text.Append(part[i]);
            }
            else if (i + 2 < part.Length && char.IsAsciiHexDigit(part[i + 1]) && char.IsAsciiHexDigit(part[i + 2])
                && Convert.ToInt32(part.Substring(i + 1, 2), 16) is > ' ' and < 0x7f and not '/' and var code)
            {
                text.Append((char)code);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return text.ToString();
    }
}

/// <summary>What of a cache is asked for.</summary>
public abstract record CacheTarget
{
    private CacheTarget() { }

    /// <summary>The page for people.</summary>
    public sealed record Page : CacheTarget;

    /// <summary><c>nix-cache-info</c></summary>
    public sealed record Info : CacheTarget;

    /// <summary>What is known of an object.</summary>
    public sealed record NarInfo(string Digest) : CacheTarget;

    /// <summary>What files an object has.</summary>
    public sealed record Listing(string Digest) : CacheTarget;

    /// <summary>A NAR, by its file's name.</summary>
    public sealed record Nar(string File) : CacheTarget;

    /// <summary>A log or a link to debug information, by its name with the folder.</summary>
    public sealed record Extra(string Name) : CacheTarget;

    /// <summary>What an output became.</summary>
    public sealed record Realisation(string Id) : CacheTarget;

    /// <summary>Something that only Firn's own client asks for.</summary>
    public sealed record Action(string Name, string Argument) : CacheTarget;
}
