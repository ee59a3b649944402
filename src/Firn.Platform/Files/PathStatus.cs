using System.Runtime.InteropServices;
using Firn.Platform.Linux;

namespace Firn.Platform.Files;

/// <summary>Asks the file system about paths.</summary>
public static class PathStatus
{
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7ff;

    /// <summary>Returns what is known about <paramref name="path"/> itself, be it a link, or null when nothing is there.</summary>
    /// <exception cref="SystemCallException">It cannot be asked.</exception>
    public static FileStatus? Find(string path) => Find(Syscalls.CurrentDirectory, FileName.Terminated(path), path, NoFollow);

    /// <summary>Returns what is known about <paramref name="path"/> itself.</summary>
    /// <exception cref="SystemCallException">It cannot be asked, or nothing is there.</exception>
    public static FileStatus Get(string path) => Find(path) ?? throw Missing(path);

    /// <summary>Returns what is known about what <paramref name="path"/> leads to, or null when nothing is there.</summary>
    public static FileStatus? FindTarget(string path) => Find(Syscalls.CurrentDirectory, FileName.Terminated(path), path, 0);

    /// <summary>Tells whether something, be it a dangling link, is at <paramref name="path"/>.</summary>
    public static bool Exists(string path) => Find(path) is not null;

    internal static FileStatus OfDescriptor(int descriptor, string shownPath) =>
        Find(descriptor, [0], shownPath, EmptyPath) ?? throw Missing(shownPath);

    internal static FileStatus? Find(int directory, byte[] path, string shownPath, int flags = NoFollow)
    {
        if (Syscalls.StatX(directory, path, flags, BasicFields, out var buffer) == 0)
        {
            return new FileStatus(in buffer);
        }

        return (Errno)Marshal.GetLastPInvokeError() is Errno.NoEntry or Errno.NotDirectory
            ? null
            : throw SystemCallException.Last($"getting status of '{shownPath}'");
    }

    internal static SystemCallException Missing(string path) => new($"getting status of '{path}'", Errno.NoEntry);
}
