using Firn.Daemon.Client;
using Firn.Daemon.Ssh;
using Firn.Model.Diagnostics;
using Firn.Sessions.Configuration;

namespace Firn.Sessions.Stores.Schemes;

/// <summary><c>ssh-ng://HOST</c>: the store of another machine, through a daemon that ssh starts there.</summary>
/// <remarks><c>mounted-ssh-ng://HOST</c> is the same for machines that share their files.</remarks>
internal static class SshNgScheme
{
    private const string MountedFeature = "mounted-ssh-store";

    public static OpenStore Open(Session session, StoreReference reference, bool isMounted)
    {
        if (isMounted && !session.Get<SessionSettings>().ExperimentalFeatures.Contains(MountedFeature))
        {
            throw new UsageException(
                $"experimental Nix feature '{MountedFeature}' is disabled; add '--extra-experimental-features {MountedFeature}' to enable it");
        }

        var directory = LocalLayout.Of(reference, session.Environment).Directory;
        var host = SshHost.Parse(reference.Authority, reference.Parameters, "nix-daemon", session.Environment);
        // Settings of this machine are not those of the other.
        var store = new DaemonStore(
            new SshChannel(host, isMounted ? ["--stdio", "--process-ops"] : ["--stdio"], reference.ToText()),
            new DaemonTerms(directory, isMounted, session.Log, Options: null));
        var parts = DaemonScheme.Parts(reference, directory, store);
        return isMounted
            ? parts with { Roots = new MountedRoots(store), Logs = new FileLogs(store, LocalLayout.Of(reference, session.Environment).LogPath), HasFilesHere = true }
            : parts with { Logs = new FileLogs(store, null) };
    }
}
