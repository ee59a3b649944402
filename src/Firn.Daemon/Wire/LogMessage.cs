namespace Firn.Daemon.Wire;

/// <summary>What a daemon sends before its answer; the numbers spell words.</summary>
internal static class LogMessage
{
    /// <summary>A line for a person.</summary>
    public const ulong Next = 0x6f6c6d67;

    /// <summary>It wants more of what is uploaded.</summary>
    public const ulong Read = 0x64617461;

    /// <summary>Bytes of the answer, as very old versions sent them.</summary>
    public const ulong Write = 0x64617416;

    /// <summary>The answer follows.</summary>
    public const ulong Last = 0x616c7473;

    /// <summary>There is no answer.</summary>
    public const ulong Error = 0x63787470;
    public const ulong StartActivity = 0x53545254;
    public const ulong StopActivity = 0x53544f50;
    public const ulong Result = 0x52534c54;
}
