using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Processes;

namespace Firn.Store.Local.Layering;

/// <summary>What a store is made of whose directory is an overlay: a store below it, and a layer of its own above that.</summary>
/// <param name="Lower">The store below, which this one never changes.</param>
/// <param name="UpperLayer">Where the kernel keeps what this store has and the lower one has not.</param>
/// <param name="RemountHook">A program that mounts the overlay anew, given its directory; null when there is none.</param>
/// <param name="ChecksMount">Whether to see first that the overlay is mounted as it has to be.</param>
public sealed record OverlayLayers(LocalStore Lower, string UpperLayer, string? RemountHook, bool ChecksMount)
{
    private bool _needsRemount;

    /// <summary>Sees that the overlay is mounted, of these layers.</summary>
    /// <exception cref="StoreException">It is not.</exception>
    internal void Check(StoreLayout layout)
    {
        if (ChecksMount && !IsMounted(FileContent.ReadAll("/proc/self/mounts"), layout.RealStoreDirectory))
        {
            throw new StoreException(
                StoreErrors.Unsupported, $"overlay filesystem \"{layout.RealStoreDirectory}\" mounted incorrectly",
                hints: $"mount it with lowerdir={Lower.Layout.RealStoreDirectory} and upperdir={UpperLayer}, or say 'check-mount=false'");
        }
    }

    /// <summary>Removes what this store has of an object, and returns how many bytes that freed.</summary>
    internal long Delete(StoreLayout layout, string name)
    {
        var upper = $"{UpperLayer}/{name}";
        if (!PathStatus.Exists(upper))
        {
            return 0;
        }

        if (!StorePath.TryParse(name, out var path) || !Lower.IsValid(path))
        {
            return FileTree.Delete($"{layout.RealStoreDirectory}/{name}");
        }

        // Through the overlay the kernel would note that the lower one is to be hidden.
        _needsRemount = true;
        return FileTree.Delete(upper);
    }

    /// <summary>Has the overlay mounted anew if files were removed behind the kernel's back.</summary>
    internal void RemountIfNeeded(StoreLayout layout, IMessageLog log)
    {
        if (!_needsRemount)
        {
            return;
        }

        _needsRemount = false;
        if (RemountHook is null)
        {
            log.Write(Verbosity.Warning, $"\"{layout.RealStoreDirectory}\" needs remounting, set remount-hook to do this automatically");
            return;
        }

        var environment = System.Environment.GetEnvironmentVariables();
        var (end, _) = ProgramOutput.Run(
            RemountHook, [layout.RealStoreDirectory], environment.Keys.Cast<string>().Select(k => $"{k}={environment[k]}"));
        if (!end.IsSuccess)
        {
            throw new StoreException(StoreErrors.Unsupported, $"program '{RemountHook}' {end}");
        }
    }

    private bool IsMounted(ReadOnlySpan<byte> mounts, string directory)
    {
        // Of mounts on top of each other the last one counts.
        var options = System.Text.Encoding.UTF8.GetString(mounts).Split('\n').Select(l => l.Split(' '))
            .LastOrDefault(f => f.Length > 3 && f[2] == "overlay" && f[1] == directory)?[3].Split(',') ?? [];
        return options.Contains($"lowerdir={Lower.Layout.RealStoreDirectory}") && options.Contains($"upperdir={UpperLayer}");
    }
}
