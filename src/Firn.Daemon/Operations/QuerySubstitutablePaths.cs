using Firn.Daemon.Server;
using Firn.Daemon.Wire;

namespace Firn.Daemon.Operations;

/// <summary>Tells which of some objects can be fetched.</summary>
internal static class QuerySubstitutablePaths
{
    public const ulong Number = 32;

    public static void Serve(ServerConnection connection)
    {
        var paths = connection.Reader.ReadPaths();
        connection.Writer.Write(connection.Work(() => paths.Where(p => connection.Host.Substituters.Any(s => s.Find(p, null) is not null)).ToList()));
    }
}
