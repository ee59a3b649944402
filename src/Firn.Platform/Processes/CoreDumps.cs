namespace Firn.Platform.Processes;

/// <summary>Files that the kernel writes of programs that crash.</summary>
public static class CoreDumps
{
    private const int CoreSize = 4;

    /// <summary>Has this process and those it starts leave none; they may ask for them again.</summary>
    public static void Avoid()
    {
        if (LibcProcesses.GetLimit(CoreSize, out var limit) == 0 && limit.Soft != 0)
        {
            limit.Soft = 0;
            _ = LibcProcesses.SetLimit(CoreSize, limit);
        }
    }
}
