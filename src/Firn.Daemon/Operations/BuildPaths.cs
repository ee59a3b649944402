using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Derivations;

namespace Firn.Daemon.Operations;

/// <summary>Makes objects valid, or fails.</summary>
internal static class BuildPaths
{
    public const ulong Number = 9;

    public static void Call(DaemonConnection connection, IReadOnlyCollection<DerivedPath> wanted, BuildMode mode)
    {
        connection.Begin(Number);
        connection.Writer.WriteList(wanted, connection.Writer.Write);
        connection.Writer.Write(mode);
        connection.Finish();
        _ = connection.Reader.ReadNumber();
    }

    public static void Serve(ServerConnection connection)
    {
        var wanted = connection.Reader.ReadList(connection.Reader.ReadDerivedPath);
        var mode = connection.Reader.ReadMode();
        connection.Work(() =>
        {
            Check(connection, mode);
            connection.Host.BuildAll(wanted, mode, connection.Cancellation);
        });
        connection.Writer.Write(1UL);
    }

    /// <summary>Only who is trusted may repair, for that is not done in one step.</summary>
    internal static void Check(ServerConnection connection, BuildMode mode)
    {
        if (mode == BuildMode.Repair)
        {
            connection.NeedTrust("repairing is not allowed because you are not in 'trusted-users'");
        }
    }
}
