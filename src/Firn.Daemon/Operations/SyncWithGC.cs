using Firn.Daemon.Server;

namespace Firn.Daemon.Operations;

/// <summary>Does nothing any more; once it waited for collectors.</summary>
internal static class SyncWithGC
{
    public const ulong Number = 13;

    public static void Serve(ServerConnection connection)
    {
        connection.Work(() => { });
        connection.Writer.Write(1UL);
    }
}
