using System.Runtime.InteropServices;
using Firn.Platform.Linux;

namespace Firn.Platform.Files;

/// <summary>Changes single entries of the file system by their path.</summary>
public static class FilePath
{
    private const int NoFollow = 0x100;

    public static void Rename(string from, string to)
    {
        if (Syscalls.RenameAt(Syscalls.CurrentDirectory, FileName.Terminated(from), Syscalls.CurrentDirectory, FileName.Terminated(to)) != 0)
        {
            throw SystemCallException.Last($"renaming '{from}' to '{to}'");
        }
    }

    /// <summary>Makes a second name for a file.</summary>
    public static void Link(string from, string to)
    {
        if (Syscalls.LinkAt(Syscalls.CurrentDirectory, FileName.Terminated(from), Syscalls.CurrentDirectory, FileName.Terminated(to), 0) != 0)
        {
            throw SystemCallException.Last($"creating hard link from '{to}' to '{from}'");
        }
    }

    /// <summary>Removes a file or a link; false when nothing was there.</summary>
    public static bool Remove(string path)
    {
        if (Syscalls.UnlinkAt(Syscalls.CurrentDirectory, FileName.Terminated(path), 0) == 0)
        {
            return true;
        }

        return (Errno)Marshal.GetLastPInvokeError() == Errno.NoEntry ? false : throw SystemCallException.Last($"cannot unlink '{path}'");
    }

    /// <summary>Removes a file or a link if that can be done; nobody cares when not.</summary>
    public static void TryRemove(string path) => _ = Syscalls.UnlinkAt(Syscalls.CurrentDirectory, FileName.Terminated(path), 0);

    /// <summary>Sets permissions; a link at the end of the path is followed.</summary>
    public static void ChangeMode(string path, int mode)
    {
        if (Syscalls.ChangeModeAt(Syscalls.CurrentDirectory, FileName.Terminated(path), (uint)mode, 0) != 0)
        {
            throw SystemCallException.Last($"setting permissions on '{path}'");
        }
    }

    /// <summary>Given for a group to <see cref="ChangeOwner"/>, leaves the group as it is.</summary>
    public const uint SameGroup = uint.MaxValue;

    /// <summary>Sets the owner of the entry itself, be it a link.</summary>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (Syscalls.ChangeOwnerAt(Syscalls.CurrentDirectory, FileName.Terminated(path), user, group, NoFollow) != 0)
        {
            throw SystemCallException.Last($"changing owner of '{path}' to {user}");
        }
    }

    /// <summary>Sets the time of the last change of the entry itself, be it a link.</summary>
    public static void SetModified(string path, long seconds)
    {
        if (Syscalls.SetTimesAt(Syscalls.CurrentDirectory, FileName.Terminated(path), in Times.Of(seconds)[0], NoFollow) != 0)
        {
            throw SystemCallException.Last($"changing modification time of '{path}'");
        }
    }

    /// <summary>Makes a directory and those above it where they lack; the mode is of the last one.</summary>
    public static void CreateDirectories(string path, int mode = 0x1ff)
    {
        if (PathStatus.FindTarget(path) is { IsDirectory: true })
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
        {
            CreateDirectories(parent);
        }

        if (Syscalls.MakeDirectoryAt(Syscalls.CurrentDirectory, FileName.Terminated(path), (uint)mode) != 0
            && (Errno)Marshal.GetLastPInvokeError() is var error
            && (error != Errno.Exists || PathStatus.FindTarget(path) is not { IsDirectory: true }))
        {
            throw new SystemCallException($"creating directory '{path}'", error);
        }
    }

    /// <summary>Makes one directory that must not exist yet.</summary>
    public static void CreateDirectory(string path, int mode)
    {
        if (Syscalls.MakeDirectoryAt(Syscalls.CurrentDirectory, FileName.Terminated(path), (uint)mode) != 0)
        {
            throw SystemCallException.Last($"creating directory '{path}'");
        }
    }

    /// <summary>Tells whether a path is a folder or below it, by its name alone.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>Tells whether this process may write in a directory or to a file.</summary>
    public static bool IsWritable(string path) =>
        Syscalls.AccessAt(Syscalls.CurrentDirectory, FileName.Terminated(path), 2 | 4, 0) == 0;

    /// <summary>Lists the extended attributes of the entry itself.</summary>
    public static IReadOnlyList<string> ListAttributes(string path)
    {
        var buffer = new byte[64 * 1024];
        var count = (int)Syscalls.ListAttributes(FileName.Terminated(path), ref buffer[0], (nuint)buffer.Length);
        if (count < 0)
        {
            return (Errno)Marshal.GetLastPInvokeError() is Errno.NotSupported or Errno.NoData
                ? []
                : throw SystemCallException.Last($"querying extended attributes of '{path}'");
        }

        return System.Text.Encoding.UTF8.GetString(buffer, 0, count).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    public static void RemoveAttribute(string path, string name)
    {
        if (Syscalls.RemoveAttribute(FileName.Terminated(path), FileName.Terminated(name)) != 0)
        {
            throw SystemCallException.Last($"removing extended attribute '{name}' from '{path}'");
        }
    }
}
