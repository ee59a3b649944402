using Firn.Daemon.Client;
using Firn.Daemon.Server;

namespace Firn.Daemon.Operations;

/// <summary>Links equal files of the store.</summary>
internal static class OptimiseStore
{
    public const ulong Number = 34;

    public static void Call(DaemonConnection connection)
    {
        connection.Begin(Number);
        connection.Finish();
        _ = connection.Reader.ReadNumber();
    }

    public static void Serve(ServerConnection connection)
    {
        connection.Work(() => connection.Store.Upkeep.Optimise(connection.Cancellation));
        connection.Writer.Write(1UL);
    }
}
