using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Firn.Platform.Files;

/// <summary>Who is at the other end of a socket, as the kernel vouches for it.</summary>
public readonly record struct PeerCredentials(int Process, uint User, uint Group)
{
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17;

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="SocketException">It does not know.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        Span<int> answer = stackalloc int[3];
        socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, MemoryMarshal.AsBytes(answer));
        return new(answer[0], (uint)answer[1], (uint)answer[2]);
    }
}
