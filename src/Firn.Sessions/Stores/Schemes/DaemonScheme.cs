using Firn.Daemon.Client;
using Firn.Model.StorePaths;

namespace Firn.Sessions.Stores.Schemes;

/// <summary><c>daemon</c> and <c>unix://PATH</c>: this machine's store, as a daemon that listens at a socket gives it.</summary>
internal static class DaemonScheme
{
    public static OpenStore Open(Session session, StoreReference reference)
    {
        var layout = LocalLayout.Of(reference, session.Environment);
        var socket = reference.Authority.Length > 0 ? reference.Authority : AutomaticStore.DaemonSocket(session.Environment);
        var hasFiles = layout.RealStoreDirectory == layout.Directory.Path;
        var store = new DaemonStore(
            new SocketChannel(socket, reference.ToText()),
            new DaemonTerms(layout.Directory, hasFiles, session.Log, () => ClientOptionsMaker.Make(session)));
        return Parts(reference, layout.Directory, store) with
        {
            Roots = new ClientRoots(store, layout.Directory),
            Logs = new FileLogs(store, layout.LogPath),
            HasFilesHere = hasFiles,
        };
    }

    /// <summary>What all stores behind daemons can do.</summary>
    public static OpenStore Parts(StoreReference reference, StoreDirectory directory, DaemonStore store) => new(reference, directory)
    {
        Infos = store,
        Referrers = store,
        Outputs = store,
        Derivations = store,
        DerivationSink = store,
        Nars = store,
        NarSink = store,
        Contents = store,
        Realisations = store,
        TemporaryRoots = store,
        Builds = new DaemonBuilds(store),
        Collector = store,
        Upkeep = store,
        Signatures = store,
        Connection = store,
        Owned = store,
    };
}
