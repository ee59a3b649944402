using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Keeps an object until the client is gone.</summary>
internal static class AddTempRoot
{
    public const ulong Number = 11;

    public static void Call(DaemonConnection connection, StorePath path)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Finish();
        _ = connection.Reader.ReadNumber();
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        connection.Work(() => connection.Store.TemporaryRoots.AddTemporaryRoot(path));
        connection.Writer.Write(1UL);
    }
}
