using System.Text;
using Firn.Archive.Nars;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Archive.Trees;

/// <summary>Makes the tree that it visits in the file system, below a path where nothing may be yet.</summary>
/// <remarks>All goes by descriptor and name, never through a link: whatever the tree holds, nothing outside is touched.</remarks>
public sealed class TreeRestorer : INarVisitor, IDisposable
{
    private readonly Stack<Level> _levels = new();
    private readonly TreeRestoreOptions _options;
    private readonly DirectoryHandle _parent;
    private readonly string _path;
    private byte[] _name;
    private FileHandle? _file;
    private bool _isExecutable;

    public TreeRestorer(string path, TreeRestoreOptions options)
    {
        _path = Path.GetFullPath(path.Length > 1 ? path.TrimEnd('/') : path);
        _options = options;
        _parent = DirectoryHandle.OpenFollowing(Path.GetDirectoryName(_path)!);
        _name = Encoding.UTF8.GetBytes(Path.GetFileName(_path));
    }

    /// <summary>Restores exactly one NAR from <paramref name="nar"/> to <paramref name="path"/>.</summary>
    /// <exception cref="NarException">It is not a NAR.</exception>
    /// <exception cref="SystemCallException">The tree cannot be made.</exception>
    public static void Restore(Stream nar, string path, TreeRestoreOptions options)
    {
        using var restorer = new TreeRestorer(path, options);
        NarReader.Read(nar, restorer);
    }

    internal static void RestoreFile(DirectoryHandle directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content, TreeRestoreOptions options)
    {
        using var file = directory.CreateFile(name, Mode(false, options));
        file.Write(content);
        Finish(file, false, options);
    }

    private DirectoryHandle Here => _levels.TryPeek(out var level) ? level.Directory : _parent;

    public void BeginFile(bool isExecutable, long size)
    {
        _isExecutable = isExecutable;
        _file = Here.CreateFile(_name, Mode(isExecutable, _options));
    }

    public void Write(ReadOnlySpan<byte> content) => _file!.Write(content);

    public void EndFile()
    {
        using var file = _file!;
        Finish(file, _isExecutable, _options);
        _file = null;
    }

    public void Symlink(ReadOnlySpan<byte> target)
    {
        Here.CreateSymlink(_name, target);
        if (_options.IsCanonical)
        {
            Here.SetModified(_name, TreeRestoreOptions.CanonicalTime);
        }
    }

    public void BeginDirectory()
    {
        try
        {
            Here.CreateDirectory(_name, 0x1ff);
        }
        catch (SystemCallException e) when (e.Error == Errno.Exists && _levels.Count == 0 && PathStatus.FindTarget(_path) is { IsDirectory: true })
        {
            throw new NarException($"path '{_path}' already exists");
        }

        _levels.Push(new Level(Here.OpenDirectory(_name), _options.UsesCaseHack ? new CaseHack() : null));
    }

    public void Entry(ReadOnlySpan<byte> name)
    {
        _name = name.ToArray();
        if (_levels.Peek().CaseHack is { } hack)
        {
            _name = hack.Apply(_name);
        }
    }

    public void EndDirectory()
    {
        using var directory = _levels.Pop().Directory;
        if (_options.IsCanonical && !(_options.LeavesRootWritable && _levels.Count == 0))
        {
            directory.ChangeMode(0x16d);
            directory.SetModified(TreeRestoreOptions.CanonicalTime);
        }

        if (_options.Syncs)
        {
            directory.Sync();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        foreach (var level in _levels)
        {
            level.Directory.Dispose();
        }

        _parent.Dispose();
    }

    // Canonical permissions from the start: the descriptor stays writable.
    private static int Mode(bool isExecutable, TreeRestoreOptions options) =>
        options.IsCanonical ? (isExecutable ? 0x16d : 0x124) : (isExecutable ? 0x1ff : 0x1b6);

    private static void Finish(FileHandle file, bool isExecutable, TreeRestoreOptions options)
    {
        if (options.IsCanonical)
        {
            if (options.HasUnusualMask)
            {
                file.ChangeMode(Mode(isExecutable, options));
            }

            file.SetModified(TreeRestoreOptions.CanonicalTime);
        }

        if (options.Syncs)
        {
            file.Sync();
        }
    }

    private readonly record struct Level(DirectoryHandle Directory, CaseHack? CaseHack);
}

/// <summary>How a tree is made.</summary>
public sealed record TreeRestoreOptions
{
    internal const long CanonicalTime = 1;

    /// <summary>As a store has it: permissions 0444 and 0555, all changed one second after 1970 began.</summary>
    public static TreeRestoreOptions Canonical { get; } = new() { IsCanonical = true };

    /// <summary>With the permissions that the process's mask leaves.</summary>
    public static TreeRestoreOptions Plain { get; } = new();

    public bool IsCanonical { get; init; }

    /// <summary>Whether a directory at the root stays as it is, since only a writable one can be moved to another parent.</summary>
    public bool LeavesRootWritable { get; init; }

    /// <summary>Whether names that differ only in case get suffixes.</summary>
    public bool UsesCaseHack { get; init; }

    /// <summary>Whether to have the disk hold each file before the next.</summary>
    public bool Syncs { get; init; }

    /// <summary>Whether this process's mask takes read or execute permissions away.</summary>
    internal bool HasUnusualMask { get; } = (FileCreationMask.Current & 0x16d) != 0;
}
