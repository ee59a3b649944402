using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Store.PathInfos;

namespace Firn.Daemon.Operations;

/// <summary>Tells which derivation made an object, as old versions ask for it.</summary>
internal static class QueryDeriver
{
    public const ulong Number = 18;

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        connection.Writer.WriteOrNull(connection.Work(() => connection.Store.Infos.Get(path, connection.Store.Directory).Deriver));
    }
}
