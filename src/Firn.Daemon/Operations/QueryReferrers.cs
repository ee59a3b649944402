using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Lists the objects that refer to one.</summary>
internal static class QueryReferrers
{
    public const ulong Number = 6;

    public static IReadOnlyList<StorePath> Call(DaemonConnection connection, StorePath path)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Finish();
        return [.. connection.Reader.ReadPaths().Order()];
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        connection.Writer.Write(connection.Work(() => connection.Store.Referrers.FindReferrers(path)));
    }
}
