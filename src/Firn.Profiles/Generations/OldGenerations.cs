using Firn.Model.Diagnostics;
using Firn.Platform.Files;

namespace Firn.Profiles.Generations;

/// <summary>Deletes old generations of all profiles below some directories, as <c>nix-collect-garbage -d</c> does.</summary>
public sealed class OldGenerations(ProfileRunner profiles, IMessageLog log)
{
    /// <summary>Deletes what <paramref name="selector"/> says of every profile below <paramref name="folder"/>.</summary>
    public void Delete(string folder, GenerationSelector selector, bool isDryRun)
    {
        if (PathStatus.FindTarget(folder) is not { IsDirectory: true })
        {
            return;
        }

        var canWrite = FilePath.IsWritable(folder);
        using var handle = DirectoryHandle.OpenFollowing(folder);
        foreach (var entry in handle.List())
        {
            var path = $"{folder}/{entry}";
            switch (PathStatus.Find(path))
            {
                case { IsDirectory: true }:
                    Delete(path, selector, isDryRun);
                    break;
                case { IsSymlink: true } when canWrite && SymbolicLink.Read(path).Contains("link", StringComparison.Ordinal):
                    log.Write(Verbosity.Info, $"removing old generations of profile {path}");
                    profiles.Delete(path, selector, isDryRun);
                    break;
            }
        }
    }
}
