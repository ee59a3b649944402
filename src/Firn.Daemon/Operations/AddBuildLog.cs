using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Keeps the log of a build that was done elsewhere.</summary>
internal static class AddBuildLog
{
    public const ulong Number = 45;

    public static void Call(DaemonConnection connection, StorePath derivation, Stream log)
    {
        connection.Begin(Number);
        connection.Writer.Write(derivation.ToString());
        connection.FinishWithFrames(log.CopyTo);
        _ = connection.Reader.ReadNumber();
    }

    public static void Serve(ServerConnection connection)
    {
        var derivation = StorePath.Parse(connection.Reader.ReadName());
        connection.WorkWithFrames<object?>(log =>
        {
            connection.NeedTrust("you are not privileged to add logs");
            connection.Store.Logs.AddLog(derivation, log);
            return null;
        });
        connection.Writer.Write(1UL);
    }
}
