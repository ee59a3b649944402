using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Firn.CacheServer.Transport;

/// <summary>One connection of a client.</summary>
internal sealed class SocketConnection : DefaultConnectionContext
{
    private const int ReadSize = 32 * 1024;

    private readonly Socket _socket;
    private readonly SocketOutput _output;
    private readonly PipeReader _input;
    private readonly CancellationTokenSource _closed = new();

    public SocketConnection(Socket socket, string id)
    {
        (_socket, ConnectionId) = (socket, id);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        // An idle connection waits without a buffer.
        _input = PipeReader.Create(
            new NetworkStream(socket, ownsSocket: false), new StreamPipeReaderOptions(bufferSize: ReadSize, minimumReadSize: 4096, useZeroByteReads: true));
        _output = new SocketOutput(socket);
        Transport = new Duplex(_input, _output);
        ConnectionClosed = _closed.Token;
        Features.Set(_output);
    }

    public override void Abort(ConnectionAbortedException abortReason) => Close();

    public override async ValueTask DisposeAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client closed it first.
        }

        Close();
        await _input.CompleteAsync().ConfigureAwait(false);
        await _output.CompleteAsync().ConfigureAwait(false);
        _closed.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void Close()
    {
        _socket.Dispose();
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Closed by two at once.
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;
    }
}
