using System.Net.Sockets;
using Firn.Platform.Files;

namespace Firn.Daemon.Client;

/// <summary>The way to a daemon that listens at a socket of this machine.</summary>
public sealed class SocketChannel(string path, string uri) : IDaemonChannel
{
    public string Uri { get; } = uri;

    public (Stream Input, Stream Output, IDisposable Owned) Open()
    {
        try
        {
            if (UnixSocket.TryConnect(path) is { } socket)
            {
                var stream = new NetworkStream(socket, ownsSocket: true);
                return (stream, stream, stream);
            }
        }
        catch (SocketException e)
        {
            throw new DaemonException(DaemonErrors.Connect, $"cannot connect to socket at '{path}': {e.Message}", e);
        }

        throw new DaemonException(
            DaemonErrors.Connect, $"cannot connect to socket at '{path}': nobody listens there", null, "start the daemon, or name another store with '--store'");
    }

    public void Dispose() { }
}
