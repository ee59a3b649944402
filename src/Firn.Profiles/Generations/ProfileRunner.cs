using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Locks;
using Firn.Store.Roots;

namespace Firn.Profiles.Generations;

/// <summary>Reads and changes the links that make up profiles, in the layout and under the locks that C++ Nix uses.</summary>
public sealed class ProfileRunner(IGcRoots roots, StoreDirectory directory, IMessageLog log, TimeProvider time)
{
    /// <summary>Returns the generations of a profile; none when there is no such profile.</summary>
    public static GenerationList List(string profile)
    {
        var (folder, name) = Split(profile);
        if (PathStatus.FindTarget(folder) is not { IsDirectory: true })
        {
            return GenerationList.Empty;
        }

        using var handle = DirectoryHandle.OpenFollowing(folder);
        var all = handle.List().Select(e => e.ToString())
            .Select(entry => (Link: $"{folder}/{entry}", Number: GenerationName.Parse(name, entry)))
            .Where(g => g.Number is not null && PathStatus.Exists(g.Link))
            .Select(g => new Generation(g.Number!.Value, g.Link, PathStatus.Get(g.Link).ModifiedSeconds))
            .OrderBy(g => g.Number);
        return new GenerationList([.. all], FindCurrent(profile, name));
    }

    /// <summary>Locks a profile against all who change it.</summary>
    public LockFile Lock(string profile)
    {
        var held = LockFile.Acquire(profile + ".lock", () => log.Write(Verbosity.Error, $"waiting for lock on profile '{profile}'"))!;
        held.RemovesFile = true;
        return held;
    }

    /// <summary>Returns a text that changes when the profile does: somebody may change it while a new generation is made for it.</summary>
    public static string ReadToken(string profile) => PathStatus.Find(profile) is { IsSymlink: true } ? SymbolicLink.Read(profile) : "";

    /// <summary>Makes <paramref name="path"/> the newest generation, and switches to it.</summary>
    public void Set(string profile, StorePath path)
    {
        FilePath.CreateDirectories(Split(profile).Folder);
        using var held = Lock(profile);
        SwitchTo(profile, Create(profile, path));
    }

    /// <summary>Does the same unless the profile has changed since <paramref name="token"/> was read; tells whether it did.</summary>
    public bool TrySet(string profile, StorePath path, string token)
    {
        FilePath.CreateDirectories(Split(profile).Folder);
        using var held = Lock(profile);
        if (ReadToken(profile) != token)
        {
            log.Write(Verbosity.Info, $"profile '{profile}' changed while we were busy; restarting");
            return false;
        }

        SwitchTo(profile, Create(profile, path));
        return true;
    }

    /// <summary>Switches to another generation, or to the one before when <paramref name="wanted"/> is null.</summary>
    /// <exception cref="ProfileException">There is none.</exception>
    public void Switch(string profile, uint? wanted, bool isDryRun)
    {
        using var held = Lock(profile);
        var list = List(profile);
        var target = GenerationPlanner.Switch(list, wanted);
        log.Write(Verbosity.Notice, $"switching profile from version {list.Current ?? 0} to {target.Number}");
        if (!isDryRun)
        {
            SwitchTo(profile, target.Link);
        }
    }

    /// <summary>Deletes generations.</summary>
    /// <exception cref="ProfileException">The current one is asked for by its number.</exception>
    public void Delete(string profile, GenerationSelector selector, bool isDryRun)
    {
        using var held = Lock(profile);
        foreach (var generation in GenerationPlanner.Delete(profile, List(profile), selector, time.GetUtcNow().ToUnixTimeSeconds()))
        {
            log.Write(Verbosity.Notice, $"{(isDryRun ? "would remove" : "removing")} profile version {generation.Number}");
            if (!isDryRun)
            {
                FilePath.Remove(generation.Link);
            }
        }
    }

    /// <summary>Has the link of a profile lead elsewhere, with no moment without one.</summary>
    public static void SwitchTo(string profile, string target)
    {
        // Relative where it can be, so that a folder of profiles can be moved.
        var isBeside = Path.GetDirectoryName(target) == Path.GetDirectoryName(profile);
        SymbolicLink.Replace(profile, isBeside ? Path.GetFileName(target) : target);
    }

    private string Create(string profile, StorePath path)
    {
        var list = List(profile);
        if (list.All.Count > 0 && SymbolicLink.Read(list.All[^1].Link) == directory.Absolute(path))
        {
            // Nothing new: repeated installations do not pile up generations.
            return list.All[^1].Link;
        }

        var link = GenerationName.Link(profile, GenerationPlanner.Next(list));
        roots.AddPermanentRoot(path, link);
        return link;
    }

    private static uint? FindCurrent(string profile, string name)
    {
        var target = ReadToken(profile);
        return Path.GetDirectoryName(target) is null or "" || Path.GetDirectoryName(target) == Path.GetDirectoryName(profile)
            ? GenerationName.Parse(name, Path.GetFileName(target))
            : null;
    }

    private static (string Folder, string Name) Split(string profile) => (Path.GetDirectoryName(profile)!, Path.GetFileName(profile));
}
