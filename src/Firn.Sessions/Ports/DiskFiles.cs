using Firn.Archive;
using Firn.Evaluation.Host;
using Firn.Platform.Files;

namespace Firn.Sessions.Ports;

/// <summary>The files of this machine, for evaluation.</summary>
internal sealed class DiskFiles : IFileTree
{
    private const int TypeMask = 0xF000;

    public FileKind? FindKind(string path) => PathStatus.Find(path) is { } status ? KindOf(status.Mode) : null;

    public byte[] ReadFile(string path) => FileContent.ReadAll(path);

    public IReadOnlyList<(string Name, FileKind Kind)> ReadDirectory(string path) =>
        [.. new DirectoryInfo(path).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, ReturnSpecialDirectories = false })
            .Select(entry => (entry.Name, FindKind(PathText.Append(path, entry.Name)) ?? FileKind.Other))];

    public string ReadLink(string path) => SymbolicLink.Read(path);

    public string Resolve(string path) => LinkResolver.Resolve(this, path);

    internal static FileKind KindOf(EntryKind kind) => kind switch
    {
        EntryKind.Regular => FileKind.Regular,
        EntryKind.Directory => FileKind.Directory,
        EntryKind.Symlink => FileKind.Link,
        _ => FileKind.Other,
    };

    internal static FileKind KindOf(int mode) => (mode & TypeMask) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Link,
        _ => FileKind.Other,
    };
}
