using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Derivations;

namespace Firn.Daemon.Operations;

/// <summary>Tells what would be built and fetched.</summary>
internal static class QueryMissing
{
    public const ulong Number = 40;

    public static BuildPlan Call(DaemonConnection connection, IReadOnlyCollection<DerivedPath> wanted)
    {
        var reader = connection.Reader;
        connection.Begin(Number);
        connection.Writer.WriteList(wanted, connection.Writer.Write);
        connection.Finish();
        return new BuildPlan(
            [.. reader.ReadPaths()], [.. reader.ReadPaths()], [.. reader.ReadPaths()], (long)reader.ReadNumber(), (long)reader.ReadNumber());
    }

    public static void Serve(ServerConnection connection)
    {
        var wanted = connection.Reader.ReadList(connection.Reader.ReadDerivedPath);
        var plan = connection.Work(() => connection.Store.Builds.Plan(wanted));
        connection.Writer.Write(plan.WillBuild);
        connection.Writer.Write(plan.WillSubstitute);
        connection.Writer.Write(plan.Unknown);
        connection.Writer.Write(plan.DownloadSize);
        connection.Writer.Write(plan.NarSize);
    }
}
