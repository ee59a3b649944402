namespace Firn.Daemon.Wire;

/// <summary>How much one message may hold; what can be larger is streamed.</summary>
public static class WireLimits
{
    /// <summary>How long a name, a path, a signature or a hash may be.</summary>
    public const int MaxName = 64 * 1024;

    /// <summary>How long a text may be: a setting, a variable of a build's environment, an error.</summary>
    public const int MaxText = 64 * 1024 * 1024;

    /// <summary>How many items a list may have.</summary>
    public const int MaxItems = 4 * 1024 * 1024;

    /// <summary>How many bytes all texts and numbers of one message may have together.</summary>
    public const long MaxMessage = 512L * 1024 * 1024;
}
