using System.Net.Sockets;
using System.Runtime.InteropServices;
using Firn.Daemon.Server;
using Firn.Model.Diagnostics;
using Firn.Platform.Files;

namespace Firn.Tests.Daemon;

public sealed class ListenerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_ends_when_asked_and_leaves_the_socket_of_the_service_manager_as_it_is()
    {
        var path = $"{_folder.Path}/socket";
        using var managers = UnixSocket.Listen(path, 0x180);
        var passed = new Socket(new SafeSocketHandle(Duplicate((int)managers.Handle), ownsHandle: true));
        using var end = new CancellationTokenSource();
        using var served = new ManualResetEventSlim();
        var listener = new DaemonListener(new Admission(["*"], ["*"], "", _ => null), _ => "somebody", NoMessageLog.Instance);
        var running = new Thread(() => listener.Run([passed], forcedTrust: null, (_, _, _) => served.Set(), end.Token)) { IsBackground = true };
        running.Start();
        using var caller = UnixSocket.TryConnect(path);
        Assert.True(served.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        end.Cancel();
        Assert.True(running.Join(TimeSpan.FromSeconds(10)));

        // The manager starts the next one when somebody calls.
        using var next = UnixSocket.TryConnect(path);
        Assert.NotNull(next);
        using var accepted = managers.Accept();
    }

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int descriptor);
}
