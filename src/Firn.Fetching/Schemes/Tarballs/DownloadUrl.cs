using System.Globalization;
using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Model.Hashing;

namespace Firn.Fetching.Schemes.Tarballs;

/// <summary>What URLs of files and of archives have in common.</summary>
internal static class DownloadUrl
{
    private static readonly string[] _archiveEndings = [".zip", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst"];

    internal static IReadOnlySet<string> Attributes { get; } =
        new HashSet<string> { "url", "narHash", "name", "unpack", "rev", "revCount", "lastModified" };

    internal static bool IsArchive(Url url) => _archiveEndings.Any(e => url.Path.EndsWith(e, StringComparison.Ordinal));

    /// <summary>Tells whether a URL is for <paramref name="scheme"/>: because it says so, or because it says nothing and <paramref name="else"/>.</summary>
    internal static bool IsFor(Url url, string scheme, bool @else) =>
        url.Transport is "file" or "http" or "https" && (url.Application is { } application ? application == scheme : @else);

    internal static InputAttributes ToInput(Url url, string scheme)
    {
        var input = InputAttributes.Empty.With("type", scheme);
        foreach (var name in (ReadOnlySpan<string>)["narHash", "rev"])
        {
            input = url.Query.TryGetValue(name, out var value) ? input.With(name, value) : input;
        }

        foreach (var name in (ReadOnlySpan<string>)["revCount", "lastModified"])
        {
            input = url.Query.TryGetValue(name, out var value) && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? input.With(name, number)
                : input;
        }

        // What is left of the query is for the server.
        return input.With("url", (url with { Scheme = url.Transport, Query = url.Query.RemoveRange(Attributes) }).ToString());
    }

    internal static Url FromInput(InputAttributes input)
    {
        var url = Url.Parse(input.GetText("url"));
        return input.NarHash is { } hash ? url with { Query = url.Query.SetItem("narHash", hash.ToString(HashFormat.Sri)) } : url;
    }
}
