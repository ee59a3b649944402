using System.Net.Sockets;
using Firn.Building;
using Firn.Daemon;
using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Platform.Files;
using Firn.Sandbox;
using Firn.Store;
using Firn.Store.Substituting;
using Firn.Store.Upkeep;
using Firn.Tests.Building;

namespace Firn.Tests.Daemon;

/// <summary>A store, a daemon for it that has a thread for each client, and a client.</summary>
public sealed class DaemonWorld : IDisposable
{
    private readonly Socket _listener;
    private readonly List<Thread> _threads = [];
    private readonly List<NetworkStream> _streams = [];

    public DaemonWorld(bool isTrusted = true)
    {
        _listener = UnixSocket.Listen($"{World.Folder}/socket", 0x180);
        new Thread(() =>
        {
            try
            {
                while (true)
                {
                    var caller = _listener.Accept();
                    var thread = new Thread(() => Serve(caller, isTrusted)) { IsBackground = true };
                    _threads.Add(thread);
                    thread.Start();
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Disposed.
            }
        })
        { IsBackground = true }.Start();
        Client = new DaemonStore(
            new SocketChannel($"{World.Folder}/socket", "daemon"), new DaemonTerms(World.Directory, HasFilesHere: false, Log, () => new ClientOptions()));
    }

    public BuildWorld World { get; } = new();

    public RecordingLog Log { get; } = new();

    /// <summary>The store as the client sees it.</summary>
    public DaemonStore Client { get; }

    public DaemonBuilds Builds => new(Client);

    /// <summary>What clients wanted.</summary>
    public List<ClientOptions> Wishes { get; } = [];

    /// <summary>Connects and sends bytes as they are.</summary>
    public NetworkStream Connect()
    {
        var stream = new NetworkStream(UnixSocket.TryConnect($"{World.Folder}/socket")!, ownsSocket: true);
        _streams.Add(stream);
        return stream;
    }

    public void Dispose()
    {
        Client.Dispose();
        // Who serves a caller ends when the caller is gone.
        _streams.ForEach(s => s.Dispose());
        _listener.Dispose();
        _threads.ForEach(t => t.Join());
        World.Dispose();
    }

    private void Serve(Socket caller, bool isTrusted)
    {
        using var stream = new NetworkStream(caller, ownsSocket: true);
        var log = new TunnelLog(() => { });
        try
        {
            new DaemonServer(stream, stream, log, World.Directory, new Host(this, log), isTrusted).Run(CancellationToken.None);
        }
        catch (Exception e) when (e is DaemonException or IOException)
        {
            // The connection's process ends; nobody else feels it.
        }
    }

    private sealed class Host : IDaemonHost
    {
        private readonly DaemonWorld _world;

        public Host(DaemonWorld world, IActivityLog log)
        {
            _world = world;
            var store = world.World.Store;
            var builder = new Builder(
                store, new DerivationSources(store, null), [], world.World.Settings, world.World.BuilderOptions,
                new BuildChambers(world.World.Sandbox, world.World.BuilderOptions.Environment), log, TimeProvider.System);
            Requests = new BuildRequests(builder, store.Directory, log);
            Store = new StoreParts("local", store.Directory)
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
                Roots = store,
                Builds = builder,
                Collector = store,
                Signatures = store,
                Upkeep = new Upkeep(world),
            };
        }

        public StoreParts Store { get; }

        public IReadOnlyList<ISubstituter> Substituters => [];

        public string Version => "2.34.8";

        public bool? StoreTrustsUs => true;

        private BuildRequests Requests { get; }

        public void Configure(ClientOptions options, bool isTrusted) => _world.Wishes.Add(options);

        public bool IsSigned(Realisation realisation) => false;

        public void BuildAll(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) => Requests.BuildAll(wanted, mode, cancellation);
    }

    private sealed class Upkeep(DaemonWorld world) : IStoreUpkeep
    {
        public bool Verify(bool checksContents, bool repairs, CancellationToken cancellationToken) => world.World.Store.Verify(checksContents, null, cancellationToken);

        public void Optimise(CancellationToken cancellationToken) => world.World.Store.Optimise(cancellationToken);
    }
}
