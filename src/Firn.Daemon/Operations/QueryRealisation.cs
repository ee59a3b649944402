using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.Realisations;

namespace Firn.Daemon.Operations;

/// <summary>Tells which path an output got.</summary>
internal static class QueryRealisation
{
    public const ulong Number = 43;

    public static Realisation? Call(DaemonConnection connection, DrvOutput output)
    {
        connection.Begin(Number);
        connection.Writer.Write(output.ToString());
        connection.Finish();
        return connection.Version < WorkerProtocol.WithRealisations
            ? connection.Reader.ReadPaths() is [var path, ..] ? new Realisation(output, path) : null
            : connection.Reader.ReadList(connection.Reader.ReadRealisation).FirstOrDefault();
    }

    public static void Serve(ServerConnection connection)
    {
        var output = DrvOutput.Parse(connection.Reader.ReadName());
        var found = connection.Work(() => connection.Store.Realisations.Find(output));
        Realisation[] all = found is null ? [] : [found];
        if (connection.Version < WorkerProtocol.WithRealisations)
        {
            connection.Writer.Write(all.Select(r => r.OutputPath));
        }
        else
        {
            connection.Writer.WriteList(all, connection.Writer.Write);
        }
    }
}
