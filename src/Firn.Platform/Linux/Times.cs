namespace Firn.Platform.Linux;

/// <summary>Makes the two times that the kernel sets at once.</summary>
internal static class Times
{
    private const long Omit = (1L << 30) - 2;

    internal static Syscalls.Timespec[] Of(long modifiedSeconds) =>
        [new() { Nanoseconds = Omit }, new() { Seconds = modifiedSeconds }];
}
