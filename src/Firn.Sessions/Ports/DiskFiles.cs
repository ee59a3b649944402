using Firn.Archive;
using Firn.Evaluation.Host;
using Firn.Platform.Files;

namespace Firn.Sessions.Ports;

/// <summary>The files of this machine, for evaluation.</summary>
internal sealed class DiskFiles : IFileTree
{
    private const int TypeMask = 0xF000;
    private const int MaxLinks = 64;

    public FileKind? FindKind(string path) => PathStatus.Find(path) is { } status ? KindOf(status.Mode) : null;

    public byte[] ReadFile(string path) => FileContent.ReadAll(path);

    public IReadOnlyList<(string Name, FileKind Kind)> ReadDirectory(string path) =>
        [.. new DirectoryInfo(path).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, ReturnSpecialDirectories = false })
            .Select(entry => (entry.Name, FindKind(PathText.Append(path, entry.Name)) ?? FileKind.Other))];

    public string ReadLink(string path) => SymbolicLink.Read(path);

    public string Resolve(string path)
    {
        var pending = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var resolved = "/";
        var links = 0;
        while (pending.TryPop(out var step))
        {
            if (step is "." or "..")
            {
                resolved = step == "." ? resolved : PathText.Parent(resolved);
                continue;
            }

            var next = PathText.Append(resolved, step);
            if (FindKind(next) != FileKind.Link || links++ == MaxLinks)
            {
                resolved = next;
                continue;
            }

            var target = ReadLink(next);
            resolved = target.StartsWith('/') ? "/" : resolved;
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                pending.Push(part);
            }
        }

        return resolved;
    }

    internal static FileKind KindOf(EntryKind kind) => kind switch
    {
        EntryKind.Regular => FileKind.Regular,
        EntryKind.Directory => FileKind.Directory,
        EntryKind.Symlink => FileKind.Link,
        _ => FileKind.Other,
    };

    private static FileKind KindOf(int mode) => (mode & TypeMask) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Link,
        _ => FileKind.Other,
    };
}
