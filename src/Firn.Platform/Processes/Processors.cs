namespace Firn.Platform.Processes;

/// <summary>The processors of this machine.</summary>
public static class Processors
{
    /// <summary>How many of them this process may use.</summary>
    public static int Count => Environment.ProcessorCount;
}
