using Firn.Daemon.Server;
using Firn.Daemon.Wire;

namespace Firn.Daemon.Operations;

/// <summary>Tells what there is to fetch as an object, as old versions ask for it.</summary>
internal static class QuerySubstitutablePathInfo
{
    public const ulong Number = 21;

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        var found = connection.Work(() => connection.Host.Substituters.Select(s => s.Find(path, null)).FirstOrDefault(f => f is not null));
        connection.Writer.Write(found is not null);
        if (found is not null)
        {
            QuerySubstitutablePathInfos.Write(connection.Writer, found);
        }
    }
}
