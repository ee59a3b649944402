using Firn.Fetching.Inputs;
using Firn.Store.Contents;

namespace Firn.Fetching.Schemes.Paths;

/// <summary>Takes files and folders of this machine.</summary>
public sealed class PathTrees(FetchStore store) : ITreeSource
{
    public TreeOffer Offer(InputAttributes input)
    {
        var path = input.GetText("path");
        if (!path.StartsWith('/'))
        {
            throw new FetchException(FetchErrors.BadInput, $"cannot fetch input '{new PathScheme().ToUrl(input)}' because it uses a relative path");
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
