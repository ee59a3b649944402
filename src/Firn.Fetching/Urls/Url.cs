using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Firn.Model.Text;

namespace Firn.Fetching.Urls;

/// <summary>A URL in its parts, decoded; relative paths after <c>file:</c> and <c>path:</c> are allowed.</summary>
public sealed record Url
{
    /// <summary>In lower case, with what stands before a <c>+</c>: <c>git+file</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>User, host and port as they are written; null when there is no <c>//</c>, empty in <c>file:///</c>.</summary>
    public string? Authority { get; init; }

    /// <summary>The path, decoded.</summary>
    public required string Path
    {
        get => string.Join('/', Segments);
        init => Segments = [.. value.Split('/')];
    }

    /// <summary>What stands between the slashes of the path, decoded: a part may hold a slash that was written as <c>%2F</c>.</summary>
    public ImmutableArray<string> Segments { get; init; } = [""];

    /// <summary>The parameters, decoded, by name.</summary>
    public ImmutableSortedDictionary<string, string> Query { get; init; } = EmptyQuery;

    /// <summary>What stands after <c>#</c>, decoded.</summary>
    public string Fragment { get; init; } = "";

    /// <summary>What stands before <c>+</c> in the scheme, or null.</summary>
    public string? Application => Scheme.IndexOf('+') is >= 0 and var plus ? Scheme[..plus] : null;

    /// <summary>How it is transferred: the scheme, or what stands after <c>+</c> in it.</summary>
    public string Transport => Scheme[(Scheme.IndexOf('+') + 1)..];

    /// <summary>The last part of the path, without regard to a slash at its end.</summary>
    public string LastSegment => Path.TrimEnd('/') is var trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : "";

    private static ImmutableSortedDictionary<string, string> EmptyQuery { get; } =
        ImmutableSortedDictionary.Create<string, string>(Utf8Order.Comparer);

    /// <summary>Reads a URL.</summary>
    /// <exception cref="FetchException">It is none.</exception>
    public static Url Parse(string text) => Parse(text, out var problem) ?? throw Bad(text, problem);

    public static bool TryParse(string text, [NotNullWhen(true)] out Url? url) => (url = Parse(text, out _)) is not null;

    /// <summary>Writes it with everything encoded that must be.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Scheme).Append(':');
        if (Authority is not null)
        {
            text.Append("//").Append(Authority);
        }

        text.AppendJoin('/', Segments.Select(p => UrlEncoding.Encode(p, ":@")));
        if (!Query.IsEmpty)
        {
            text.Append('?').AppendJoin('&', Query.Select(q => $"{UrlEncoding.Encode(q.Key, ":@/?")}={UrlEncoding.Encode(q.Value, ":@/?")}"));
        }

        return Fragment.Length > 0 ? text.Append('#').Append(UrlEncoding.Encode(Fragment, "")).ToString() : text.ToString();
    }

    /// <summary>Equal when all parts are.</summary>
    public bool Equals(Url? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static Url? Parse(string text, out string problem)
    {
        var colon = text.IndexOf(':');
        problem = "it doesn't have a scheme";
        if (colon <= 0 || !char.IsAsciiLetter(text[0]) || !text.AsSpan(0, colon).ContainsOnlySchemeCharacters())
        {
            return null;
        }

        var scheme = text[..colon].ToLowerInvariant();
        var rest = text[(colon + 1)..];
        var fragment = Cut(ref rest, '#');
        var query = Cut(ref rest, '?');
        string? authority = null;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            (authority, rest) = slash < 0 ? (rest[2..], "") : (rest[2..slash], rest[slash..]);
        }

        var isFile = scheme == "file" || scheme.EndsWith("+file", StringComparison.Ordinal);
        if (isFile && authority is { Length: > 0 })
        {
            problem = $"file:// URL has unexpected authority '{authority}'";
            return null;
        }

        problem = "it has a character that must be percent-encoded, or a bad percent-encoding";
        return rest.Any(c => c is ' ' or '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}' or < (char)0x21 or >= (char)0x7f)
            || !TryDecodeAll((isFile && rest.Length == 0 ? "/" : rest).Split('/'), out var segments)
            || !UrlEncoding.TryDecode(fragment ?? "", out var decodedFragment)
            || !TryParseQuery(query, out var parameters)
            ? null
            : new Url { Scheme = scheme, Authority = authority, Path = "", Segments = segments, Query = parameters, Fragment = decodedFragment };
    }

    private static bool TryDecodeAll(string[] parts, out ImmutableArray<string> decoded)
    {
        var builder = ImmutableArray.CreateBuilder<string>(parts.Length);
        decoded = [];
        foreach (var part in parts)
        {
            if (!UrlEncoding.TryDecode(part, out var text))
            {
                return false;
            }

            builder.Add(text);
        }

        decoded = builder.MoveToImmutable();
        return true;
    }

    private static bool TryParseQuery(string? query, [NotNullWhen(true)] out ImmutableSortedDictionary<string, string>? parameters)
    {
        var builder = EmptyQuery.ToBuilder();
        parameters = null;
        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            if (equals < 0)
            {
                // C++ Nix leaves out parameters without a value too.
                continue;
            }

            if (!UrlEncoding.TryDecode(pair[..equals], out var name) || !UrlEncoding.TryDecode(pair[(equals + 1)..], out var value))
            {
                return false;
            }

            builder.TryAdd(name, value);
        }

        parameters = builder.ToImmutable();
        return true;
    }

    private static string? Cut(ref string text, char at)
    {
        var index = text.IndexOf(at);
        if (index < 0)
        {
            return null;
        }

        var rest = text[(index + 1)..];
        text = text[..index];
        return rest;
    }

    private static FetchException Bad(string text, string problem) =>
        new(FetchErrors.BadUrl, $"'{text}' is not a valid URL: {problem}");
}
