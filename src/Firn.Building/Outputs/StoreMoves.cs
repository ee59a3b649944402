using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Building.Outputs;

/// <summary>Moves objects within the store's file system.</summary>
internal static class StoreMoves
{
    private const int OwnerWrite = 0x80;

    /// <summary>Moves a tree; a directory must be writable for that, except for root.</summary>
    public static void Move(string from, string to)
    {
        var status = PathStatus.Get(from);
        var opens = !CurrentUser.IsRoot && status.IsDirectory && (status.Permissions & OwnerWrite) == 0;
        if (opens)
        {
            FilePath.ChangeMode(from, status.Permissions | OwnerWrite);
        }

        FilePath.Rename(from, to);
        if (opens)
        {
            FilePath.ChangeMode(to, status.Permissions);
        }
    }

    /// <summary>Replaces what is at <paramref name="target"/>; for a moment nothing is there, as no call swaps trees everywhere.</summary>
    public static void Replace(string target, string replacement)
    {
        var old = $"{target}.old-{Environment.ProcessId}-{Guid.NewGuid():n}";
        var existed = PathStatus.Exists(target);
        if (existed)
        {
            Move(target, old);
        }

        try
        {
            Move(replacement, target);
        }
        catch when (existed)
        {
            Move(old, target);
            throw;
        }

        if (existed)
        {
            FileTree.Delete(old);
        }
    }
}
