namespace Firn.Transfers;

/// <summary>Whether this machine has any network but the one to itself.</summary>
internal static class NetworkPresence
{
    /// <summary>Looks; where it cannot be said there is one.</summary>
    internal static bool IsMissing()
    {
        try
        {
            // The first names the columns, and the way to the machine itself is not listed.
            return File.ReadLines("/proc/net/route").Skip(1).All(string.IsNullOrWhiteSpace) && !HasIpV6();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Address, interface, length of the prefix, scope: 00 for those that reach beyond the next cable.
    private static bool HasIpV6() => File.Exists("/proc/net/if_inet6") && File.ReadLines("/proc/net/if_inet6")
        .Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, "00", ..]);
}
