using System.Text;
using Firn.Archive;
using Firn.Evaluation.Host;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Sessions.Ports;

/// <summary>The files of this machine, for evaluation.</summary>
internal sealed class DiskFiles : IFileTree
{
    private const int TypeMask = 0xF000;

    public FileKind? FindKind(string path) => PathStatus.Find(path) is { } status ? KindOf(status.Mode) : null;

    public byte[] ReadFile(string path) => FileContent.ReadAll(path);

    public IReadOnlyList<(string Name, FileKind Kind)> ReadDirectory(string path)
    {
        // The kinds come with the names: asking about each of the 20,000 packages of Nixpkgs took a quarter of `hello`.
        using var directory = DirectoryHandle.OpenFollowing(path);
        var entries = directory.List();
        var found = new (string, FileKind)[entries.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var (name, type, _) = entries[i];
            found[i] = (Encoding.UTF8.GetString(name), type == FileType.Unknown ? KindOf(directory, name) : KindOf(type));
        }

        return found;
    }

    public string ReadLink(string path) => SymbolicLink.Read(path);

    public string Resolve(string path) => LinkResolver.Resolve(this, path);

    internal static FileKind KindOf(EntryKind kind) => kind switch
    {
        EntryKind.Regular => FileKind.Regular,
        EntryKind.Directory => FileKind.Directory,
        EntryKind.Symlink => FileKind.Link,
        _ => FileKind.Other,
    };

    private static FileKind KindOf(FileType type) => type switch
    {
        FileType.Regular => FileKind.Regular,
        FileType.Directory => FileKind.Directory,
        FileType.Symlink => FileKind.Link,
        _ => FileKind.Other,
    };

    private static FileKind KindOf(DirectoryHandle directory, byte[] name) =>
        directory.FindStatus(name) is { } status ? KindOf(status.Mode) : FileKind.Other;

    internal static FileKind KindOf(int mode) => (mode & TypeMask) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Link,
        _ => FileKind.Other,
    };
}
