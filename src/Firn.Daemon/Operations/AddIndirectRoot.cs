using Firn.Daemon.Client;
using Firn.Daemon.Server;

namespace Firn.Daemon.Operations;

/// <summary>Has a link kept in mind that keeps an object.</summary>
internal static class AddIndirectRoot
{
    public const ulong Number = 12;

    public static void Call(DaemonConnection connection, string link)
    {
        connection.Begin(Number);
        connection.Writer.Write(link);
        connection.Finish();
        _ = connection.Reader.ReadNumber();
    }

    public static void Serve(ServerConnection connection)
    {
        var link = connection.Reader.ReadName();
        connection.Work(() => connection.Store.Roots.AddIndirectRoot(link));
        connection.Writer.Write(1UL);
    }
}
