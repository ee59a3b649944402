using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Tells what is recorded about an object.</summary>
internal static class QueryPathInfo
{
    public const ulong Number = 26;

    public static PathInfo? Call(DaemonConnection connection, StorePath path)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Finish();
        return connection.Reader.ReadFlag() ? connection.Reader.ReadInfo(path) : null;
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        var info = connection.Work(() => connection.Store.Infos.Find(path));
        connection.Writer.Write(info is not null);
        if (info is not null)
        {
            connection.Writer.Write(info);
        }
    }
}
