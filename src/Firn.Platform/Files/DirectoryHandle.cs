using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Firn.Platform.Linux;

namespace Firn.Platform.Files;

/// <summary>An open directory, whose entries are reached by name and never through a link.</summary>
/// <remarks>Names are bytes: Linux allows any but '/' and NUL, UTF-8 or not. Whoever swaps a directory for a link
/// while we work on it is not followed, since everything goes by descriptor.</remarks>
public sealed class DirectoryHandle : IDisposable
{
    private const int RemoveDirectoryFlag = 0x200;

    private readonly string _path;
    private int _descriptor;

    private DirectoryHandle(int descriptor, string path) => (_descriptor, _path) = (descriptor, path);

    ~DirectoryHandle() => Close();

    public int Descriptor => _descriptor;

    /// <summary>Opens a directory by its path; links in it are followed, but not one at its end.</summary>
    /// <exception cref="SystemCallException">It is no directory or cannot be opened.</exception>
    public static DirectoryHandle Open(string path) => Open(Syscalls.CurrentDirectory, FileName.Terminated(path), path);

    /// <summary>Opens a directory by its path, even when a link leads to it.</summary>
    /// <exception cref="SystemCallException">It is no directory or cannot be opened.</exception>
    public static DirectoryHandle OpenFollowing(string path) =>
        Open(Syscalls.CurrentDirectory, FileName.Terminated(path), path, OpenFlags.Directory | OpenFlags.CloseOnExec);

    /// <summary>Opens a directory by its path, or returns null when none is there.</summary>
    public static DirectoryHandle? TryOpen(string path)
    {
        var descriptor = Syscalls.OpenAt(Syscalls.CurrentDirectory, FileName.Terminated(path), Flags, 0);
        return descriptor >= 0 ? new DirectoryHandle(descriptor, path)
            : (Errno)Marshal.GetLastPInvokeError() is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymlinks ? null
            : throw SystemCallException.Last($"opening directory '{path}'");
    }

    public DirectoryHandle OpenDirectory(ReadOnlySpan<byte> name) => Open(_descriptor, FileName.Terminated(name), Shown(name));

    public FileHandle OpenFile(ReadOnlySpan<byte> name) =>
        FileHandle.Open(_descriptor, FileName.Terminated(name), Shown(name), OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, 0);

    /// <summary>Makes a file that must not exist yet.</summary>
    public FileHandle CreateFile(ReadOnlySpan<byte> name, int mode) =>
        FileHandle.Open(
            _descriptor, FileName.Terminated(name), Shown(name),
            OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, mode);

    /// <summary>Makes a directory that must not exist yet.</summary>
    public void CreateDirectory(ReadOnlySpan<byte> name, int mode) =>
        Check(Syscalls.MakeDirectoryAt(_descriptor, FileName.Terminated(name), (uint)mode), "creating directory", name);

    public void CreateSymlink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) =>
        Check(Syscalls.SymlinkAt(FileName.Terminated(target), _descriptor, FileName.Terminated(name)), "creating symlink", name);

    public byte[] ReadLink(ReadOnlySpan<byte> name) => SymbolicLink.Read(_descriptor, FileName.Terminated(name), Shown(name));

    public FileStatus Status(ReadOnlySpan<byte> name) => FindStatus(name) ?? throw PathStatus.Missing(Shown(name));

    /// <summary>Returns what is known about an entry itself, be it a link, or null when there is none.</summary>
    public FileStatus? FindStatus(ReadOnlySpan<byte> name)
    {
        if (Syscalls.StatX(_descriptor, FileName.Terminated(name), 0x100, 0x7ff, out var buffer) == 0)
        {
            return new FileStatus(in buffer);
        }

        return (Errno)Marshal.GetLastPInvokeError() == Errno.NoEntry ? null : throw SystemCallException.Last($"getting status of '{Shown(name)}'");
    }

    /// <summary>Returns what is known about the directory itself.</summary>
    public FileStatus Status() => PathStatus.OfDescriptor(_descriptor, _path);

    public void RemoveFile(ReadOnlySpan<byte> name) =>
        Check(Syscalls.UnlinkAt(_descriptor, FileName.Terminated(name), 0), "cannot unlink", name);

    /// <summary>Removes a directory, which must be empty.</summary>
    public void RemoveDirectory(ReadOnlySpan<byte> name) =>
        Check(Syscalls.UnlinkAt(_descriptor, FileName.Terminated(name), RemoveDirectoryFlag), "cannot unlink", name);

    /// <summary>Sets the time of the last change of an entry itself, be it a link.</summary>
    public void SetModified(ReadOnlySpan<byte> name, long seconds) =>
        Check(
            Syscalls.SetTimesAt(_descriptor, FileName.Terminated(name), in Times.Of(seconds)[0], 0x100),
            "changing modification time of", name);

    /// <summary>Sets the owner of an entry itself, be it a link.</summary>
    public void ChangeOwner(ReadOnlySpan<byte> name, uint user, uint group) =>
        Check(Syscalls.ChangeOwnerAt(_descriptor, FileName.Terminated(name), user, group, 0x100), "changing owner of", name);

    /// <summary>Sets permissions of an entry, which must not be a link.</summary>
    public void ChangeMode(ReadOnlySpan<byte> name, int mode)
    {
        // The plain call follows links; by an O_PATH descriptor of the entry itself it cannot.
        var descriptor = Syscalls.OpenAt(
            _descriptor, FileName.Terminated(name), OpenFlags.PathOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw SystemCallException.Last($"opening '{Shown(name)}'");
        }

        try
        {
            if (PathStatus.OfDescriptor(descriptor, Shown(name)).IsSymlink)
            {
                throw new SystemCallException($"setting permissions of '{Shown(name)}'", Errno.NotSupported);
            }

            Check(
                Syscalls.ChangeModeAt(Syscalls.CurrentDirectory, FileName.Terminated($"/proc/self/fd/{descriptor}"), (uint)mode, 0),
                "setting permissions of", name);
        }
        finally
        {
            _ = Syscalls.Close(descriptor);
        }
    }

    public void ChangeMode(int mode) => Check(Syscalls.ChangeMode(_descriptor, (uint)mode), "setting permissions of", "."u8);

    public void SetModified(long seconds) =>
        Check(Syscalls.SetTimes(_descriptor, in Times.Of(seconds)[0]), "changing modification time of", "."u8);

    public void Sync() => Check(Syscalls.Sync(_descriptor), "syncing", "."u8);

    /// <summary>Lists the entries in the order that the file system has them, without <c>.</c> and <c>..</c>.</summary>
    public List<DirectoryEntry> List()
    {
        if (Syscalls.Seek(_descriptor, 0, 0) < 0)
        {
            throw SystemCallException.Last($"reading directory '{_path}'");
        }

        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            return List(buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private List<DirectoryEntry> List(byte[] buffer)
    {
        var entries = new List<DirectoryEntry>();
        while (true)
        {
            var count = (int)Syscalls.GetDents64(_descriptor, ref buffer[0], (nuint)buffer.Length);
            if (count <= 0)
            {
                return count == 0 ? entries : throw SystemCallException.Last($"reading directory '{_path}'");
            }

            for (var at = 0; at < count;)
            {
                var record = buffer.AsSpan(at);
                at += MemoryMarshal.Read<ushort>(record[16..]);
                var name = record[19..];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    entries.Add(new DirectoryEntry(name.ToArray(), (FileType)record[18], MemoryMarshal.Read<ulong>(record)));
                }
            }
        }
    }

    private static int Flags => OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec;

    private static DirectoryHandle Open(int directory, byte[] path, string shownPath) => Open(directory, path, shownPath, Flags);

    private static DirectoryHandle Open(int directory, byte[] path, string shownPath, int flags)
    {
        var descriptor = Syscalls.OpenAt(directory, path, flags, 0);
        return descriptor >= 0
            ? new DirectoryHandle(descriptor, shownPath)
            : throw SystemCallException.Last($"opening directory '{shownPath}'");
    }

    private string Shown(ReadOnlySpan<byte> name) => $"{_path}/{Encoding.UTF8.GetString(name)}";

    private void Check(int result, string doing, ReadOnlySpan<byte> name)
    {
        if (result != 0)
        {
            throw SystemCallException.Last($"{doing} '{Shown(name)}'");
        }
    }

    private void Close()
    {
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = Syscalls.Close(descriptor);
        }
    }
}

/// <summary>One entry of a directory; the type is unknown on file systems that do not tell.</summary>
public readonly record struct DirectoryEntry(byte[] Name, FileType Type, ulong Inode)
{
    public override string ToString() => Encoding.UTF8.GetString(Name);
}
