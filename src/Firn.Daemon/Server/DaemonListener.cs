using System.Globalization;
using System.Net.Sockets;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Daemon.Server;

/// <summary>Takes calls at sockets and hands each to somebody who serves it.</summary>
/// <param name="admission">Who is let in.</param>
/// <param name="findUser">Gives the name of a user by its number.</param>
/// <param name="log">Is told of calls.</param>
public sealed class DaemonListener(Admission admission, Func<uint, string?> findUser, IMessageLog log)
{
    // The first descriptor that a service manager passes.
    private const int FirstPassed = 3;
    private const int SocketMode = 0x1b6;

    /// <summary>Opens the sockets: those that a service manager passes, or else one at <paramref name="path"/>.</summary>
    public static IReadOnlyList<Socket> Open(string path, Func<string, string?> environment)
    {
        if (environment("LISTEN_FDS") is { Length: > 0 } count)
        {
            if (environment("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
                || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 1000)
            {
                throw new DaemonException(DaemonErrors.Connect, "unexpected systemd environment variables");
            }

            return [.. Enumerable.Range(FirstPassed, number).Select(d => new Socket(new SafeSocketHandle(d, ownsHandle: true)))];
        }

        FilePath.CreateDirectories(Path.GetDirectoryName(path)!);
        return [UnixSocket.Listen(path, SocketMode)];
    }

    /// <summary>Takes calls until <paramref name="cancellation"/> says that it is enough.</summary>
    /// <param name="sockets">Where calls come.</param>
    /// <param name="forcedTrust">Whether to trust all callers, or none; null decides for each.</param>
    /// <param name="serve">Serves one caller, who is trusted or not, without waiting for the end.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Run(IReadOnlyList<Socket> sockets, bool? forcedTrust, Action<Socket, PeerCredentials, bool> serve, CancellationToken cancellation)
    {
        var threads = sockets.Select(socket => new Thread(() => Accept(socket, forcedTrust, serve, cancellation)) { IsBackground = true, Name = "listener" }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }
    }

    private void Accept(Socket socket, bool? forcedTrust, Action<Socket, PeerCredentials, bool> serve, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            Socket caller;
            try
            {
                // Waiting ends without the socket: that of a service manager stays open, and must not be shut down either.
                caller = socket.AcceptAsync(cancellation).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Too many descriptors for the moment, or a caller who did not wait.
                log.Write(Verbosity.Error, $"error: accepting a connection: {e.Message}");
                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
                continue;
            }

            using (caller)
            {
                try
                {
                    Admit(caller, forcedTrust, serve);
                }
                catch (Exception e) when (e is FirnException or SocketException or IOException or SystemCallException)
                {
                    log.Write(Verbosity.Error, $"error: processing connection: {e.Message}");
                }
            }
        }
    }

    private void Admit(Socket caller, bool? forcedTrust, Action<Socket, PeerCredentials, bool> serve)
    {
        var peer = PeerCredentials.Of(caller);
        var user = findUser(peer.User) ?? peer.User.ToString(CultureInfo.InvariantCulture);
        var trust = forcedTrust ?? admission.Decide(user, peer.Group)
            ?? throw new DaemonException(DaemonErrors.NotAllowed, $"user '{user}' is not allowed to connect to the Nix daemon");
        log.Write(Verbosity.Info, $"accepted connection from pid {peer.Process}, user {user}{(trust ? " (trusted)" : "")}");
        serve(caller, peer, trust);
    }
}
