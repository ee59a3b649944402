using System.Text;
using Firn.Platform.Linux;

namespace Firn.Platform.Files;

/// <summary>Makes, reads and replaces symbolic links.</summary>
public static class SymbolicLink
{
    private const int MaxTarget = 4096;

    /// <summary>Returns where a link points to, as it is written in it.</summary>
    /// <exception cref="SystemCallException">It is no link.</exception>
    public static string Read(string path) =>
        Encoding.UTF8.GetString(Read(Syscalls.CurrentDirectory, FileName.Terminated(path), path));

    public static void Create(string path, string target)
    {
        if (Syscalls.SymlinkAt(FileName.Terminated(target), Syscalls.CurrentDirectory, FileName.Terminated(path)) != 0)
        {
            throw SystemCallException.Last($"creating symlink from '{path}' to '{target}'");
        }
    }

    /// <summary>Makes a link, or has the one at <paramref name="path"/> point elsewhere, with no moment without one.</summary>
    public static void Replace(string path, string target)
    {
        for (var attempt = 0; ; attempt++)
        {
            var temporary = $"{Path.GetDirectoryName(path)}/.{attempt}_{Path.GetFileName(path)}-{Environment.ProcessId}";
            try
            {
                Create(temporary, target);
            }
            catch (SystemCallException e) when (e.Error == Errno.Exists && attempt < 1000)
            {
                continue;
            }

            FilePath.Rename(temporary, path);
            return;
        }
    }

    internal static byte[] Read(int directory, byte[] path, string shownPath)
    {
        var buffer = new byte[MaxTarget];
        var count = Syscalls.ReadLinkAt(directory, path, ref buffer[0], MaxTarget);
        return count >= 0 ? buffer[..(int)count] : throw SystemCallException.Last($"reading symbolic link '{shownPath}'");
    }
}
