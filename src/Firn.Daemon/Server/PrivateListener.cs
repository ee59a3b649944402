using System.Net.Sockets;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Daemon.Server;

/// <summary>Serves whoever calls at a socket that only one user can reach, each caller on a thread of this process.</summary>
public sealed class PrivateListener : IDisposable
{
    private const int OwnerOnly = 0x180;

    // Each takes a thread: so many are enough for all that one builder does at once.
    private const int MaxCallers = 64;

    private readonly Socket _socket;
    private readonly Action<Stream, CancellationTokenSource> _serve;
    private readonly IMessageLog _log;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _lock = new();
    private readonly List<(Thread Thread, Socket Caller)> _callers = [];
    private readonly Thread _thread;
    private bool _isDisposed;

    /// <summary>Listens from now on.</summary>
    /// <param name="path">Where.</param>
    /// <param name="serve">Serves one caller until it goes or the token is cancelled.</param>
    /// <param name="log">Is told what goes wrong.</param>
    public PrivateListener(string path, Action<Stream, CancellationTokenSource> serve, IMessageLog log)
    {
        (_serve, _log) = (serve, log);
        _socket = UnixSocket.Listen(path, OwnerOnly);
        _thread = new Thread(Accept) { IsBackground = true, Name = "listener" };
        _thread.Start();
    }

    /// <summary>Hangs up on all callers, and waits until what was done for them has ended.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _cancellation.Cancel();
        _socket.Dispose();
        _thread.Join();
        foreach (var (thread, caller) in _callers)
        {
            HangUp(caller);
            thread.Join();
        }

        _cancellation.Dispose();
    }

    private void Accept()
    {
        while (!_cancellation.IsCancellationRequested)
        {
            Socket caller;
            try
            {
                caller = _socket.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed, or a caller who did not wait.
                if (_cancellation.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(10)))
                {
                    return;
                }

                continue;
            }

            lock (_lock)
            {
                _callers.RemoveAll(c => !c.Thread.IsAlive);
                if (_callers.Count >= MaxCallers || _cancellation.IsCancellationRequested)
                {
                    caller.Dispose();
                    continue;
                }

                var thread = new Thread(() => Serve(caller)) { IsBackground = true, Name = "caller" };
                _callers.Add((thread, caller));
                thread.Start();
            }
        }
    }

    private void Serve(Socket caller)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_cancellation.Token);
        try
        {
            using var stream = new NetworkStream(caller, ownsSocket: true);
            _serve(stream, cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The caller is gone, or was hung up on.
        }
        catch (Exception e) when (e is FirnException or SystemCallException or InvalidDataException)
        {
            _log.Write(Verbosity.Debug, $"a builder's connection to the store ended: {e.Message}");
        }
    }

    private static void HangUp(Socket caller)
    {
        try
        {
            caller.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It went by itself.
        }
    }
}
