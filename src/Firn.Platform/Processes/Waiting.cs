using System.Runtime.InteropServices;

namespace Firn.Platform.Processes;

/// <summary>Waits for a process and leaves it to be reaped.</summary>
internal static unsafe partial class Waiting
{
    private const int ByProcess = 1;
    private const int Exited = 4;
    private const int LeaveAsIs = 0x01000000;

    internal static int WaitWithoutReaping(int process, Span<byte> info)
    {
        fixed (byte* place = info)
        {
            return WaitId(ByProcess, process, place, Exited | LeaveAsIs);
        }
    }

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int process, byte* info, int options);
}
