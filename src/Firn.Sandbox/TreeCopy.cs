using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Sandbox;

/// <summary>Copies an object of the store, with permissions and times, never following a link.</summary>
internal static class TreeCopy
{
    private const int OwnerAll = 0x1c0;

    /// <summary>Copies an entry; a directory at the top stays writable for its owner, so that it can be moved.</summary>
    /// <param name="from">The directory that it is in.</param>
    /// <param name="name">What it is called there.</param>
    /// <param name="to">The directory that gets an entry of the same name.</param>
    public static void Copy(DirectoryHandle from, ReadOnlySpan<byte> name, DirectoryHandle to)
    {
        var status = from.Status(name);
        if (status.IsSymlink)
        {
            to.CreateSymlink(name, from.ReadLink(name));
            to.SetModified(name, status.ModifiedSeconds);
        }
        else if (status.IsDirectory)
        {
            to.CreateDirectory(name, OwnerAll);
            using var source = from.OpenDirectory(name);
            using var target = to.OpenDirectory(name);
            foreach (var entry in source.List())
            {
                Copy(source, entry.Name, target);
                if (entry.Type == FileType.Directory)
                {
                    Close(source, entry.Name, target);
                }
            }
        }
        else
        {
            using var source = from.OpenFile(name);
            using var target = to.CreateFile(name, OwnerAll);
            source.CopyTo(target);
            target.ChangeMode(status.Permissions);
            target.SetModified(status.ModifiedSeconds);
        }
    }

    private static void Close(DirectoryHandle from, ReadOnlySpan<byte> name, DirectoryHandle to)
    {
        var status = from.Status(name);
        using var directory = to.OpenDirectory(name);
        directory.ChangeMode(status.Permissions);
        directory.SetModified(status.ModifiedSeconds);
    }
}
