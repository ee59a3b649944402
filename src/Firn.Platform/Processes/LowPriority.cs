using System.Runtime.InteropServices;

namespace Firn.Platform.Processes;

/// <summary>Has this process give way to all others.</summary>
public static class LowPriority
{
    private const int IdleClass = 3 << 13;
    private const int LeastNice = 19;

    /// <summary>Takes processor and disk only when nobody else wants them; threads that start later do so too.</summary>
    public static void Take()
    {
        // Both are wishes: where the system refuses, the work is still right.
        _ = LibcProcesses.Call(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 251 : 30, 1, 0, IdleClass);
        _ = LibcProcesses.Call(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 141 : 140, 0, 0, LeastNice);
    }
}
