using System.Net.Sockets;
using Firn.Platform.Linux;

namespace Firn.Platform.Files;

/// <summary>Stream sockets that have a name in the file system.</summary>
public static class UnixSocket
{
    /// <summary>How long the kernel lets a socket's path be.</summary>
    private const int MaxPath = 107;

    /// <summary>Connects to the one who listens at <paramref name="path"/>, or returns null when nobody does.</summary>
    public static Socket? TryConnect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Addressed(path, socket.Connect);
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable || (Errno)e.ErrorCode == Errno.NoEntry)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Listens at <paramref name="path"/>, in the place of whoever did before.</summary>
    public static Socket Listen(string path, int mode)
    {
        FilePath.Remove(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Addressed(path, socket.Bind);
            FilePath.ChangeMode(path, mode);
            socket.Listen(100);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Addressed(string path, Action<UnixDomainSocketEndPoint> action)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) <= MaxPath)
        {
            action(new UnixDomainSocketEndPoint(path));
            return;
        }

        // A descriptor of the folder stands for a path that is too long.
        using var folder = DirectoryHandle.OpenFollowing(Path.GetDirectoryName(path)!);
        action(new UnixDomainSocketEndPoint($"/proc/self/fd/{folder.Descriptor}/{Path.GetFileName(path)}"));
    }
}
