using System.Text;
using Firn.Platform.Linux;

namespace Firn.Platform.Files;

/// <summary>Removes whole trees.</summary>
public static class FileTree
{
    private const int OwnerAll = 0x1c0;

    /// <summary>Removes what is at <paramref name="path"/>, be it nothing, never following a link.</summary>
    /// <returns>How many bytes that probably freed: files that had at most one other name, as optimised stores give them.</returns>
    /// <exception cref="SystemCallException">Something could not be removed; all else was.</exception>
    public static long Delete(string path)
    {
        path = path.TrimEnd('/');
        using var parent = TryOpenFollowing(Path.GetDirectoryName(path)!);
        if (parent is null)
        {
            return 0;
        }

        SystemCallException? failure = null;
        var freed = Delete(parent, Encoding.UTF8.GetBytes(Path.GetFileName(path)), ref failure);
        return failure is null ? freed : throw failure;
    }

    private static DirectoryHandle? TryOpenFollowing(string path)
    {
        try
        {
            return DirectoryHandle.OpenFollowing(path);
        }
        catch (SystemCallException e) when (e.Error is Errno.NoEntry or Errno.NotDirectory)
        {
            return null;
        }
    }

    private static long Delete(DirectoryHandle parent, byte[] name, ref SystemCallException? failure)
    {
        var freed = 0L;
        try
        {
            if (parent.FindStatus(name) is not { } status)
            {
                return 0;
            }

            if (!status.IsDirectory)
            {
                parent.RemoveFile(name);
                return status.Links <= 2 ? status.Size : 0;
            }

            if ((status.Permissions & OwnerAll) != OwnerAll)
            {
                parent.ChangeMode(name, status.Permissions | OwnerAll);
            }

            using (var directory = parent.OpenDirectory(name))
            {
                foreach (var entry in directory.List())
                {
                    freed += Delete(directory, entry.Name, ref failure);
                }
            }

            parent.RemoveDirectory(name);
        }
        catch (SystemCallException e) when (e.Error == Errno.NoEntry)
        {
            // Somebody else removed it first.
        }
        catch (SystemCallException e)
        {
            failure ??= e;
        }

        return freed;
    }
}
