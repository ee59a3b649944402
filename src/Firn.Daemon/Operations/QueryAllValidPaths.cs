using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Lists all valid objects.</summary>
internal static class QueryAllValidPaths
{
    public const ulong Number = 23;

    public static IReadOnlyList<StorePath> Call(DaemonConnection connection)
    {
        connection.Begin(Number);
        connection.Finish();
        return [.. connection.Reader.ReadPaths().Order()];
    }

    public static void Serve(ServerConnection connection)
    {
        connection.Writer.Write(connection.Work(() => connection.Store.Infos.ListAll().ToList()));
    }
}
