using Firn.Platform.Linux;

namespace Firn.Sessions.ResultCache;

/// <summary>By what a file is known to be as it was, without reading it.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Inode">The file in it; 0 when nothing is known.</param>
/// <param name="Size">How many bytes it has.</param>
/// <param name="Modified">When its content was changed, in nanoseconds.</param>
/// <param name="Changed">When anything about it was changed; no program can set this back.</param>
internal readonly record struct FileSignature(ulong Device, ulong Inode, long Size, long Modified, long Changed)
{
    private const long Nanoseconds = 1_000_000_000;

    // The kernel's clock for files ticks every 1 to 10 ms: what changed in the tick in which it was read may change
    // once more and look the same, as git has it too.
    private const long Tick = 30_000_000;

    /// <summary>Whether an equal signature means equal content.</summary>
    public bool IsTrusted => Inode != 0;

    /// <summary>Returns the signature of a file that is looked at now; none to trust for one that changed just now.</summary>
    public static FileSignature Of(FileStatus status, DateTimeOffset now)
    {
        var changed = (status.ChangedSeconds * Nanoseconds) + status.ChangedNanoseconds;
        var moment = (now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return changed > moment - Tick
            ? default
            : new(status.Device, status.Inode, status.Size, (status.ModifiedSeconds * Nanoseconds) + status.ModifiedNanoseconds, changed);
    }
}
