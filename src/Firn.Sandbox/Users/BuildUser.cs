using Firn.Building;
using Firn.Model.Builds;
using Firn.Platform.Files;
using Firn.Platform.Linux;
using Firn.Platform.Locks;
using Firn.Platform.Processes;

namespace Firn.Sandbox.Users;

/// <summary>An account that one build at a time runs as, held until disposed.</summary>
public sealed class BuildUser : IDisposable
{
    private readonly FileHandle _lock;

    private BuildUser(FileHandle held, Credentials credentials, uint count) => (_lock, Credentials, Count) = (held, credentials, count);

    public Credentials Credentials { get; }

    /// <summary>How many user ids it has, from its own on.</summary>
    public uint Count { get; }

    public (uint First, uint Last) Range => (Credentials.User, Credentials.User + Count - 1);

    /// <summary>Whether builds run as users of their own: only root can do that, when it was told which.</summary>
    public static bool AreUsed(SandboxSettings settings) =>
        CurrentUser.IsRoot && (settings.BuildUsersGroup.Length > 0 || settings.AutoAllocateUids);

    /// <summary>Takes an account that no other build uses, or returns null when there is none.</summary>
    /// <exception cref="BuildException">The group is not there or has no members.</exception>
    public static BuildUser? TryTake(SandboxSettings settings, string stateDirectory) => settings.AutoAllocateUids
        ? TryTakeNumber(settings, $"{stateDirectory}/userpool2")
        : TryTakeMember(settings.BuildUsersGroup, $"{stateDirectory}/userpool");

    public void Dispose() => _lock.Dispose();

    private static BuildUser? TryTakeMember(string groupName, string pool)
    {
        FilePath.CreateDirectories(pool);
        var group = Accounts.FindGroup(groupName)
            ?? throw Bad($"the group '{groupName}' specified in 'build-users-group' does not exist");
        if (group.Members.IsEmpty)
        {
            throw Bad($"the build users group '{groupName}' has no members");
        }

        foreach (var name in group.Members)
        {
            var user = Accounts.FindUser(name) ?? throw Bad($"the user '{name}' in the group '{groupName}' does not exist");
            if (user.Id == CurrentUser.Id)
            {
                throw Bad($"the Nix user should not be a member of '{groupName}'");
            }

            if (TryLock($"{pool}/{user.Id}") is { } held)
            {
                // Supplementary groups such as "kvm" stay, as the administrator put the account into them.
                return new BuildUser(held, new Credentials(user.Id, group.Id, [.. user.Groups.Where(g => g != group.Id)]), 1);
            }
        }

        return null;
    }

    private static BuildUser? TryTakeNumber(SandboxSettings settings, string pool)
    {
        const uint idsPerBuild = 65536;
        FilePath.CreateDirectories(pool);
        for (var slot = 0; slot < settings.IdCount / idsPerBuild; slot++)
        {
            if (TryLock($"{pool}/slot-{slot}") is { } held)
            {
                var id = (uint)(settings.StartId + (slot * idsPerBuild));
                return Accounts.FindUserName(id) is { } name
                    ? throw Bad($"auto-allocated UID {id} clashes with existing user account '{name}'")
                    : new BuildUser(held, new Credentials(id, id, []), 1);
            }
        }

        return null;
    }

    private static FileHandle? TryLock(string path)
    {
        var file = FileHandle.OpenOrCreate(path, 0x180);
        if (FileLock.TryLock(file.Descriptor, LockKind.Exclusive))
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    private static BuildException Bad(string message) => new(BuildStatus.MiscFailure, message);
}
