using System.Net;
using System.Net.Sockets;
using Firn.Platform.Linux;

namespace Firn.Tests.Platform;

public sealed class KernelCopyTests
{
    [Fact]
    public void What_is_sent_ahead_arrives_before_the_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes($"{folder.Path}/file", "the file"u8);
        using var file = File.OpenHandle($"{folder.Path}/file");
        var (sender, receiver) = Connect();
        using (sender)
        using (receiver)
        {
            Assert.Equal(5, KernelCopy.SendAhead(sender.SafeHandle, "head "u8));
            Assert.Equal(4, KernelCopy.SendFile(sender.SafeHandle, file, 4, 100));
            Assert.Equal(-1, KernelCopy.SendFile(sender.SafeHandle, file, 8, 100));
            sender.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(new NetworkStream(receiver));
            Assert.Equal("head file", reader.ReadToEnd());
        }
    }

    [Fact]
    public void A_full_socket_takes_nothing_and_keeps_nobody()
    {
        var (sender, receiver) = Connect();
        using (sender)
        using (receiver)
        {
            while (KernelCopy.SendAhead(sender.SafeHandle, new byte[100_000]) > 0)
            {
            }

            receiver.Dispose();
            Assert.Throws<SystemCallException>(() => KernelCopy.SendAhead(sender.SafeHandle, "x"u8));
        }
    }

    [Fact]
    public void What_was_just_written_is_in_memory_and_what_is_not_there_is_not()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes($"{folder.Path}/file", new byte[10_000]);
        using var file = File.OpenHandle($"{folder.Path}/file");
        Assert.True(KernelCopy.IsInMemory(file, 9_999));
        Assert.False(KernelCopy.IsInMemory(file, 10_000));
    }

    private static (Socket Sender, Socket Receiver) Connect()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var sender = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        sender.Connect(listener.LocalEndPoint!);
        var receiver = listener.Accept();
        sender.Blocking = false;
        return (sender, receiver);
    }
}
