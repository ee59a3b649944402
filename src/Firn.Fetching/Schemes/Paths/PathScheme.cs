using System.Globalization;
using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Store.Contents;

namespace Firn.Fetching.Schemes.Paths;

/// <summary>Takes a file or folder of this machine as it is: <c>path:/some/where</c>.</summary>
public sealed class PathScheme(FetchStore store) : IInputScheme
{
    public string Name => "path";

    public string? Feature => "flakes";

    public IReadOnlySet<string> Attributes { get; } = new HashSet<string> { "path", "rev", "revCount", "lastModified", "narHash" };

    public InputAttributes? FromUrl(Url url, bool wantsTree)
    {
        if (url.Scheme != Name)
        {
            return null;
        }

        if (url.Authority is { Length: > 0 } authority)
        {
            throw new FetchException(FetchErrors.BadUrl, $"path URL '{url}' should not have an authority ('{authority}')");
        }

        var input = InputAttributes.Empty.With("type", Name).With("path", url.Path);
        foreach (var (name, value) in url.Query)
        {
            input = name switch
            {
                "rev" or "narHash" => input.With(name, value),
                "revCount" or "lastModified" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? input.With(name, number)
                    : throw new FetchException(FetchErrors.BadUrl, $"path URL '{url}' has invalid parameter '{name}'"),
                _ => throw new FetchException(FetchErrors.BadUrl, $"path URL '{url}' has unsupported parameter '{name}'"),
            };
        }

        return input;
    }

    public InputAttributes Check(InputAttributes input)
    {
        _ = input.GetText("path");
        return input;
    }

    public Url ToUrl(InputAttributes input) => new()
    {
        Scheme = Name,
        Path = input.GetText("path"),
        Query = input.ToQuery().RemoveRange(["path", "type", "__final"]),
    };

    public bool IsLocked(InputAttributes input) => input.NarHash is not null;

    public TreeOffer Offer(InputAttributes input)
    {
        var path = input.GetText("path");
        if (!path.StartsWith('/'))
        {
            throw new FetchException(FetchErrors.BadInput, $"cannot fetch input '{ToUrl(input)}' because it uses a relative path");
        }

        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var isInStore = store.Directory.TryParse(path, out var stored) && stored.Name == InputAttributes.Empty.Name && store.Infos.IsValid(stored);
        var found = isInStore ? stored! : store.Contents.AddFromDisk(InputAttributes.Empty.Name, path, ContentOptions.Default);
        var result = input.Has("lastModified") ? input : input.With("lastModified", isInStore ? 0 : (ulong)LatestChange(new DirectoryInfo(path)));
        return new TreeOffer(result, null, name => name == found.Name ? found : store.Contents.AddFromDisk(name, path, ContentOptions.Default));
    }

    /// <summary>Returns the latest time of change of a file, or of all that a folder holds.</summary>
    private static long LatestChange(FileSystemInfo entry)
    {
        var latest = new DateTimeOffset(entry.LastWriteTimeUtc, TimeSpan.Zero).ToUnixTimeSeconds();
        return entry is DirectoryInfo { Exists: true, LinkTarget: null } directory
            ? directory.EnumerateFileSystemInfos().Select(LatestChange).Append(latest).Max()
            : latest;
    }
}
