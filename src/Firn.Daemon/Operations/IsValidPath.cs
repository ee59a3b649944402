using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Tells whether an object is valid.</summary>
internal static class IsValidPath
{
    public const ulong Number = 1;

    public static bool Call(DaemonConnection connection, StorePath path)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Finish();
        return connection.Reader.ReadFlag();
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        connection.Writer.Write(connection.Work(() => connection.Store.Infos.IsValid(path)));
    }
}
