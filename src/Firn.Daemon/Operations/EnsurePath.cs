using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Makes an object valid by fetching it.</summary>
internal static class EnsurePath
{
    public const ulong Number = 10;

    public static void Call(DaemonConnection connection, StorePath path)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Finish();
        _ = connection.Reader.ReadNumber();
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        connection.Work(() => connection.Store.Builds.Ensure(path, connection.Cancellation));
        connection.Writer.Write(1UL);
    }
}
