using System.Collections.Immutable;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Profiles.Channels;

/// <summary>The channels that a user is subscribed to: URLs by name, as <c>~/.nix-channels</c> lists them.</summary>
public sealed record ChannelList(ImmutableSortedDictionary<string, string> Urls)
{
    private static readonly string[] _schemes = ["file://", "http://", "https://"];

    public static ChannelList Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(Utf8Order.Comparer));

    /// <summary>Reads lines of a URL and a name; <c>#</c> starts a comment, and a URL without a name ends with it.</summary>
    public static ChannelList Parse(string text)
    {
        var urls = Empty.Urls.ToBuilder();
        foreach (var line in text.Split('\n').Where(l => !l.TrimStart().StartsWith('#')))
        {
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var url, .. var rest])
            {
                url = url.TrimEnd('/');
                urls[rest is [var name, ..] ? name : LastSegment(url)] = url;
            }
        }

        return new(urls.ToImmutable());
    }

    /// <summary>Writes what <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Concat(Urls.Select(c => $"{c.Value} {c.Key}\n"));

    /// <summary>Returns the list with a channel added, or with another URL.</summary>
    /// <exception cref="UsageException">The URL or the name cannot be one of a channel.</exception>
    public ChannelList With(string url, string name)
    {
        if (!_schemes.Any(s => url.StartsWith(s, StringComparison.Ordinal)))
        {
            throw new UsageException($"invalid channel URL '{url}'", $"It must start with {string.Join(", ", _schemes)}.");
        }

        var isGood = name.Length > 0 && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_')
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        return isGood ? new(Urls.SetItem(name, url)) : throw new UsageException($"invalid channel identifier '{name}'");
    }

    public ChannelList Without(string name) => new(Urls.Remove(name));

    /// <summary>Returns what a channel is called when nobody says: the last part of its URL, without <c>-stable</c> and <c>-unstable</c>.</summary>
    public static string DefaultName(string url)
    {
        var name = LastSegment(url.TrimEnd('/'));
        name = name.EndsWith("-unstable", StringComparison.Ordinal) ? name[..^"-unstable".Length] : name;
        return name.EndsWith("-stable", StringComparison.Ordinal) ? name[..^"-stable".Length] : name;
    }

    /// <summary>Returns the name that a channel's package gets: with the version that its URL ends with, so that queries show it.</summary>
    public static string PackageName(string name, string url)
    {
        var last = LastSegment(url);
        for (var i = 0; i + 1 < last.Length; i++)
        {
            if (last[i] == '-' && char.IsAsciiDigit(last[i + 1]))
            {
                return name + last[i..];
            }
        }

        return name;
    }

    private static string LastSegment(string url) => url[(url.LastIndexOf('/') + 1)..];
}
