using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Sessions.Stores;

/// <summary>Decides which store <c>auto</c> means: this machine's, the daemon's, or one of the user's own.</summary>
internal static class AutomaticStore
{
    /// <summary>Returns the store meant; any other reference comes back as it is.</summary>
    public static StoreReference Choose(StoreReference reference, Func<string, string?> environment, IMessageLog log)
    {
        if (reference.Scheme != "auto")
        {
            return reference;
        }

        var state = reference.Parameters.GetValueOrDefault("state") is { Length: > 0 } given ? given : LocalLayout.StateDirectory(environment);
        if (FilePath.IsWritable(state))
        {
            return reference with { Scheme = "local" };
        }

        if (PathStatus.Exists(DaemonSocket(environment)))
        {
            return reference with { Scheme = "daemon" };
        }

        bool IsUnset(string name) => environment(name) is not { Length: > 0 };
        return !PathStatus.Exists(state) && reference.Parameters.IsEmpty && !CurrentUser.IsRoot && IsUnset("NIX_STORE_DIR") && IsUnset("NIX_STATE_DIR")
            ? OwnStore(state, environment, log)
            : reference with { Scheme = "local" };
    }

    /// <summary>Where the daemon of this machine listens.</summary>
    public static string DaemonSocket(Func<string, string?> environment) =>
        environment("NIX_DAEMON_SOCKET_PATH") is { Length: > 0 } path ? path : LocalLayout.StateDirectory(environment) + "/daemon-socket/socket";

    private static StoreReference OwnStore(string state, Func<string, string?> environment, IMessageLog log)
    {
        var local = new StoreReference("local", "", System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
        var folder = environment("XDG_DATA_HOME") is { Length: > 0 } data ? data : environment("HOME") is { Length: > 0 } home ? home + "/.local/share" : null;
        if (folder is null)
        {
            return local;
        }

        var root = folder + "/nix/root";
        try
        {
            if (!Directory.Exists(root))
            {
                FilePath.CreateDirectories(root);
                log.Write(Verbosity.Warning, $"'{state}' does not exist, so Nix will use '{root}' as a chroot store");
            }
        }
        catch (SystemCallException)
        {
            return local;
        }

        return local with { Parameters = local.Parameters.SetItem("root", root) };
    }
}
