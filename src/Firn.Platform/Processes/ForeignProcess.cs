namespace Firn.Platform.Processes;

/// <summary>A process that one of ours started.</summary>
public static class ForeignProcess
{
    /// <summary>Ends it at once, if it is there still.</summary>
    public static void Kill(int process) => _ = LibcProcesses.Kill(process, LibcProcesses.KillSignal);
}
