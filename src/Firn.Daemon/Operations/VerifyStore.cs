using Firn.Daemon.Client;
using Firn.Daemon.Server;

namespace Firn.Daemon.Operations;

/// <summary>Checks all objects.</summary>
internal static class VerifyStore
{
    public const ulong Number = 35;

    public static bool Call(DaemonConnection connection, bool checksContents, bool repairs)
    {
        connection.Begin(Number);
        connection.Writer.Write(checksContents);
        connection.Writer.Write(repairs);
        connection.Finish();
        return connection.Reader.ReadFlag();
    }

    public static void Serve(ServerConnection connection)
    {
        var checksContents = connection.Reader.ReadFlag();
        var repairs = connection.Reader.ReadFlag();
        connection.Writer.Write(connection.Work(() =>
        {
            if (repairs)
            {
                connection.NeedTrust("you are not privileged to repair paths");
            }

            return connection.Store.Upkeep.Verify(checksContents, repairs, connection.Cancellation);
        }));
    }
}
