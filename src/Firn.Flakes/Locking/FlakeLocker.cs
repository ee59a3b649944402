using Firn.Fetching;
using Firn.Flakes.Files;
using Firn.Flakes.References;
using Firn.Flakes.Registries;
using Firn.Flakes.Resolving;
using Firn.Model.Diagnostics;

namespace Firn.Flakes.Locking;

/// <summary>Locks flakes, and writes their lock files where they can be written.</summary>
/// <param name="sources">Fetches flakes.</param>
/// <param name="settings">Which trees may be locked.</param>
/// <param name="policy">What the user's settings say of locking.</param>
/// <param name="log">Hears what changes.</param>
public sealed class FlakeLocker(FlakeSources sources, FetchSettings settings, LockPolicy policy, IMessageLog log)
{
    private const string LockFileName = "flake.lock";

    /// <summary>Gets a flake and works out what its inputs are.</summary>
    /// <exception cref="FirnException">It is no flake, an input cannot be had, or the lock file may not be as it would have to.</exception>
    public LockedFlake Lock(FlakeReference reference, LockOptions options)
    {
        var uses = options.UsesRegistries ?? policy.UsesRegistries;
        var flake = sources.Fetch(reference, uses ? RegistryUse.All : RegistryUse.None, InputPath.Top);
        if (options.ReferenceFile is not null && !settings.AllowDirty)
        {
            throw new FlakeException(FlakeErrors.BadLockFile, "reference lock file was provided, but the `allow-dirty` setting is set to false");
        }

        var old = options.ReferenceFile is { } file ? sources.ReadLockFile(file) : sources.ReadLockFile(flake.Place);
        var (current, places) = LockComputation.Run(sources, flake, old, options, uses ? RegistryUse.Shared : RegistryUse.None, log);
        if (options.OutputFile is null && LockFileJson.Write(old) == LockFileJson.Write(current))
        {
            return new LockedFlake(flake, current, places, IsChanged: false);
        }

        var difference = LockFileDifference.Describe(old, current, sources.Forms);
        if (!options.Writes && options.OutputFile is null)
        {
            log.Write(Verbosity.Warning, $"not writing modified lock file of flake '{reference.ToText(sources.Forms)}':\n{difference.TrimEnd('\n')}");
            return new LockedFlake(flake, current, places, IsChanged: true);
        }

        if (!MayWrite(reference, current, options))
        {
            return new LockedFlake(flake, current, places, IsChanged: false);
        }

        if (options.OutputFile is { } output)
        {
            File.WriteAllText(output, LockFileJson.Write(current) + "\n");
            return new LockedFlake(flake, current, places, IsChanged: false);
        }

        Write(reference, current, difference, options);
        return Reread(reference, flake, current, places, options, uses);
    }

    private bool MayWrite(FlakeReference reference, LockFile current, LockOptions options)
    {
        var name = reference.ToText(sources.Forms);
        if (options.OutputFile is null && sources.FindFolder(reference) is null)
        {
            throw new FlakeException(FlakeErrors.NotLocked, $"cannot write modified lock file of flake '{name}' (use '--no-write-lock-file' to ignore)");
        }

        if (current.FindUnlocked(sources.Forms, settings) is { } unlocked)
        {
            if (options.RefusesUnlocked)
            {
                throw new FlakeException(
                    FlakeErrors.NotLocked,
                    $"Not writing lock file of flake '{name}' because it has an unlocked input ('{unlocked.ToText(sources.Forms)}'). Use '--allow-dirty-locks' to allow this anyway.");
            }

            if (settings.WarnDirty)
            {
                log.Write(Verbosity.Warning, $"not writing lock file of flake '{name}' because it has an unlocked input ('{unlocked.ToText(sources.Forms)}')");
            }

            return false;
        }

        if (!options.MayChange)
        {
            throw new FlakeException(FlakeErrors.NotLocked, $"flake '{name}' requires lock file changes but they're not allowed due to '--no-update-lock-file'");
        }

        return options.OutputFile is null || !options.Commits
            ? true
            : throw new UsageException("'--commit-lock-file' and '--output-lock-file' are incompatible");
    }

    private void Write(FlakeReference reference, LockFile current, string difference, LockOptions options)
    {
        var inside = reference.Directory.Length > 0 ? $"{reference.Directory}/{LockFileName}" : LockFileName;
        var path = Path.Combine(sources.FindFolder(reference)!, inside);
        var exists = File.Exists(path);
        var changes = difference.TrimEnd('\n');
        log.Write(Verbosity.Warning, (exists, changes.Length) switch
        {
            (true, 0) => $"updating lock file \"{path}\"",
            (true, _) => $"updating lock file \"{path}\":\n{changes}",
            _ => $"creating lock file \"{path}\": \n{changes}",
        });
        var summary = policy.CommitSummary.Length > 0 ? policy.CommitSummary : $"{inside}: {(exists ? "Update" : "Add")}";
        sources.WriteFile(
            reference, LockFileName, LockFileJson.Write(current) + "\n", options.Commits ? $"{summary}\n\nFlake lock file updates:\n\n{difference}" : null);
    }

    /// <summary>Gets the flake again, which now has another lock file.</summary>
    private LockedFlake Reread(
        FlakeReference reference, FetchedFlake before, LockFile current, IReadOnlyDictionary<LockNode, FlakePlace> places, LockOptions options, bool uses)
    {
        sources.Forget(reference);
        sources.Forget(before.Resolved);
        var flake = sources.Fetch(reference, uses ? RegistryUse.All : RegistryUse.None, InputPath.Top);
        if (options.Commits && flake.Locked.Input.Revision is { } revision && revision != before.Locked.Input.Revision)
        {
            log.Write(Verbosity.Warning, $"committed new revision '{revision}'");
        }

        // What stands in the flake's own tree is in another tree now.
        var moved = places.ToDictionary(p => p.Key, p => p.Value.Tree.Equals(before.Place.Tree) ? p.Value with { Tree = flake.Place.Tree } : p.Value);
        return new LockedFlake(flake, current, moved, IsChanged: false);
    }
}

/// <summary>What the user's settings say of locking.</summary>
/// <param name="UsesRegistries">Whether names are looked up.</param>
/// <param name="CommitSummary">The first line of the message of commits; empty for the usual one.</param>
public sealed record LockPolicy(bool UsesRegistries, string CommitSummary);
