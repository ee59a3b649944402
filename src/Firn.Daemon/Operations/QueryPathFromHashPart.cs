using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Completes a digest to the path of a valid object.</summary>
internal static class QueryPathFromHashPart
{
    public const ulong Number = 29;

    public static StorePath? Call(DaemonConnection connection, string digest)
    {
        connection.Begin(Number);
        connection.Writer.Write(digest);
        connection.Finish();
        return connection.Reader.ReadPathOrNull();
    }

    public static void Serve(ServerConnection connection)
    {
        var digest = connection.Reader.ReadName();
        connection.Writer.WriteOrNull(connection.Work(() => connection.Store.Infos.FindByDigest(digest)));
    }
}
