using System.Net.Sockets;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Files;

namespace Firn.Store.Local.Collecting;

/// <summary>Learns, while a collection runs, which objects other processes begin to need.</summary>
/// <remarks>They write <c>path\n</c> to a socket and go on when a <c>1</c> comes back: then the object is safe, or gone
/// for good. Roots count by digest, so that they also hold <c>path.lock</c>, <c>path.chroot</c> and the like.</remarks>
internal sealed class LiveRoots : IDisposable
{
    private const int MaxLine = 4096;

    private readonly StoreDirectory _directory;
    private readonly IMessageLog _log;
    private readonly Socket _server;
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _digests = [];
    private readonly HashSet<string> _pending = [];
    private readonly HashSet<Socket> _clients = [];
    private readonly Action<StorePath> _onRoot;
    private bool _isClosed;

    /// <summary>Starts to listen.</summary>
    /// <param name="layout">Where.</param>
    /// <param name="onRoot">Called for each new root, one at a time, before its sender goes on.</param>
    /// <param name="log">Is told of what comes.</param>
    internal LiveRoots(StoreLayout layout, Action<StorePath> onRoot, IMessageLog log)
    {
        (_directory, _onRoot, _log) = (layout.Directory, onRoot, log);
        FilePath.CreateDirectories(Path.GetDirectoryName(layout.GcSocket)!);
        _server = UnixSocket.Listen(layout.GcSocket, 0x1b6);
        _thread = new Thread(Accept) { IsBackground = true, Name = "gc-roots" };
        _thread.Start();
    }

    /// <summary>Keeps an object, and all with its digest.</summary>
    internal void Add(StorePath root)
    {
        lock (_lock)
        {
            _digests.Add(root.Digest);
            _onRoot(root);
        }
    }

    /// <summary>Does something while no root comes in.</summary>
    internal void Start(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    /// <summary>Claims things for removal; those that somebody needs, as <paramref name="isNeeded"/> or their digest tells, are left out.</summary>
    internal List<StorePath> Claim(IEnumerable<StorePath> paths, Func<StorePath, bool> isNeeded)
    {
        lock (_lock)
        {
            var claimed = paths.Where(p => !_digests.Contains(p.Digest) && !isNeeded(p)).ToList();
            _pending.UnionWith(claimed.Select(p => p.Digest));
            return claimed;
        }
    }

    /// <summary>Lets those go on who wait for an object that is removed now.</summary>
    internal void Release(StorePath path)
    {
        lock (_lock)
        {
            _pending.Remove(path.Digest);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _pending.Clear();
            foreach (var client in _clients)
            {
                client.Dispose();
            }
        }

        // Closing alone would leave a thread in accept on some kernels; shutting down wakes it.
        try
        {
            _server.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // Nobody was connected.
        }

        _server.Dispose();
        _thread.Join();
    }

    private void Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = _server.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            lock (_lock)
            {
                if (_isClosed)
                {
                    client.Dispose();
                    return;
                }

                _clients.Add(client);
            }

            new Thread(() => Serve(client)) { IsBackground = true, Name = "gc-roots client" }.Start();
        }
    }

    private void Serve(Socket client)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            var line = new List<byte>();
            for (var b = stream.ReadByte(); b >= 0 && line.Count < MaxLine; b = stream.ReadByte())
            {
                if (b != '\n')
                {
                    line.Add((byte)b);
                    continue;
                }

                Take(Encoding.UTF8.GetString([.. line]));
                line.Clear();
                stream.Write("1"u8);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            _log.Write(Verbosity.Debug, $"reading GC root from client: {e.Message}");
        }
        finally
        {
            lock (_lock)
            {
                _clients.Remove(client);
            }
        }
    }

    private void Take(string line)
    {
        if (!_directory.TryParse(line, out var path))
        {
            _log.Write(Verbosity.Error, "received garbage instead of a root from client");
            return;
        }

        _log.Write(Verbosity.Debug, $"got new GC root '{line}'");
        Add(path);
        while (true)
        {
            lock (_lock)
            {
                if (!_pending.Contains(path.Digest))
                {
                    return;
                }
            }

            Thread.Sleep(5);
        }
    }
}
