using System.Buffers;
using System.Text;
using Firn.Archive.Nars;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Archive.Trees;

/// <summary>Hands a tree of the file system to a visitor.</summary>
public sealed class TreeDumper
{
    // Below what the collector calls large: a larger array for each of many small trees makes it collect everything.
    private const int BufferSize = 64 * 1024;

    private readonly INarVisitor _visitor;
    private readonly TreeDumpOptions _options;

    private TreeDumper(INarVisitor visitor, TreeDumpOptions options) => (_visitor, _options) = (visitor, options);

    /// <summary>The youngest change of what was visited, in seconds since 1970.</summary>
    public long LastModified { get; private set; }

    /// <summary>Visits what is at <paramref name="path"/>; a link there is visited as a link.</summary>
    /// <returns>The youngest change of what was visited, in seconds since 1970.</returns>
    /// <exception cref="NarException">It holds what no NAR can.</exception>
    /// <exception cref="SystemCallException">It cannot be read.</exception>
    public static long Dump(string path, INarVisitor visitor, TreeDumpOptions? options = null)
    {
        var dumper = new TreeDumper(visitor, options ?? TreeDumpOptions.Default);
        path = path.Length > 1 ? path.TrimEnd('/') : path;
        var parent = Path.GetDirectoryName(path) ?? "/";
        var name = path == "/" ? "."u8 : Encoding.UTF8.GetBytes(Path.GetFileName(path));
        // The folders above may be links: only what is inside the tree must not lead out of it.
        using var directory = DirectoryHandle.OpenFollowing(parent.Length == 0 ? "." : parent);
        dumper.Node(directory, name, path, 0);
        return dumper.LastModified;
    }

    /// <summary>Writes the NAR of what is at <paramref name="path"/>.</summary>
    public static void WriteNar(string path, Stream output, TreeDumpOptions? options = null)
    {
        var writer = new NarWriter(output);
        Dump(path, writer, options);
        writer.Finish();
    }

    private void Node(DirectoryHandle parent, ReadOnlySpan<byte> name, string path, int depth)
    {
        if (depth >= NarFormat.MaxDepth)
        {
            throw new NarException($"path '{path}' exceeds maximum NAR directory depth of {NarFormat.MaxDepth}");
        }

        var status = parent.Status(name);
        LastModified = Math.Max(LastModified, status.ModifiedSeconds);
        switch (status.Type)
        {
            case FileType.Regular:
                Contents(parent, name, path, status);
                break;
            case FileType.Directory:
                using (var directory = parent.OpenDirectory(name))
                {
                    Entries(directory, path, depth);
                }

                break;
            case FileType.Symlink:
                _visitor.Symlink(parent.ReadLink(name));
                break;
            default:
                throw new NarException($"file '{path}' has an unsupported type");
        }
    }

    private void Contents(DirectoryHandle parent, ReadOnlySpan<byte> name, string path, FileStatus status)
    {
        using var file = parent.OpenFile(name);
        _visitor.BeginFile(status.IsExecutable, status.Size);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(status.Size, BufferSize));
        try
        {
            for (var left = status.Size; left > 0;)
            {
                var count = file.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
                if (count == 0)
                {
                    throw new NarException($"file '{path}' got shorter while it was read");
                }

                _visitor.Write(buffer.AsSpan(0, count));
                left -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _visitor.EndFile();
    }

    private void Entries(DirectoryHandle directory, string path, int depth)
    {
        var entries = directory.List();
        var names = new (byte[] Shown, byte[] Real, FileType Type)[entries.Count];
        for (var i = 0; i < names.Length; i++)
        {
            var name = entries[i].Name;
            names[i] = (_options.UndoesCaseHack ? CaseHack.Undo(name) : name, name, entries[i].Type);
        }

        Array.Sort(names, static (a, b) => a.Shown.AsSpan().SequenceCompareTo(b.Shown));
        _visitor.BeginDirectory();
        for (var i = 0; i < names.Length; i++)
        {
            var (shown, real, type) = names[i];
            if (i > 0 && shown.AsSpan().SequenceEqual(names[i - 1].Shown))
            {
                throw new NarException(
                    $"file name collision between '{path}/{Encoding.UTF8.GetString(names[i - 1].Real)}' and '{path}/{Encoding.UTF8.GetString(real)}'");
            }

            var inner = path == "/" ? "/" + Encoding.UTF8.GetString(shown) : $"{path}/{Encoding.UTF8.GetString(shown)}";
            if (_options.Filter is { } filter && !filter(inner, Kind(directory, real, type)))
            {
                continue;
            }

            _visitor.Entry(shown);
            Node(directory, real, inner, depth + 1);
        }

        _visitor.EndDirectory();
    }

    private static EntryKind Kind(DirectoryHandle directory, byte[] name, FileType type) =>
        (type == FileType.Unknown ? directory.Status(name).Type : type) switch
        {
            FileType.Regular => EntryKind.Regular,
            FileType.Directory => EntryKind.Directory,
            FileType.Symlink => EntryKind.Symlink,
            _ => EntryKind.Unknown,
        };
}

/// <summary>What of a tree is visited.</summary>
public sealed record TreeDumpOptions
{
    public static TreeDumpOptions Default { get; } = new();

    /// <summary>Which entries are taken; null takes all. It is not asked about the root.</summary>
    public PathFilter? Filter { get; init; }

    /// <summary>Whether the suffixes of <c>use-case-hack</c> are taken off names.</summary>
    public bool UndoesCaseHack { get; init; }
}
