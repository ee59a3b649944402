using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Platform.Processes;
using Firn.Store.Local;

namespace Firn.Cli.Commands.Daemon;

/// <summary>Makes the folders in which a user keeps profiles and roots: the user's own, which nobody else may write to.</summary>
internal static class PerUserFolders
{
    private const int OwnerWrites = 0x1ed;

    public static void Ensure(StoreLayout layout, uint user)
    {
        if (!CurrentUser.IsRoot || user == 0 || Accounts.FindUserName(user) is not { } name || name.Contains('/') || name.StartsWith('.'))
        {
            return;
        }

        foreach (var parent in (ReadOnlySpan<string>)[$"{layout.ProfilesDirectory}/per-user", $"{layout.GcRootsDirectory}/per-user"])
        {
            FilePath.CreateDirectories(parent);
            var folder = $"{parent}/{name}";
            // Made by root, and given away once: what the user does with it later is the user's business.
            if (PathStatus.Find(folder) is null)
            {
                FilePath.CreateDirectory(folder, OwnerWrites);
                FilePath.ChangeOwner(folder, user, (Accounts.FindUser(name)?.Groups is [var group, ..]) ? group : 0);
            }
        }
    }
}
