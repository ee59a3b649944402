using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Tells which of some objects are valid; those that are not can be fetched first.</summary>
internal static class QueryValidPaths
{
    public const ulong Number = 31;

    public static HashSet<StorePath> Call(DaemonConnection connection, IReadOnlyCollection<StorePath> paths, bool substitutes)
    {
        connection.Begin(Number);
        connection.Writer.Write(paths);
        if (connection.Version >= WorkerProtocol.WithSubstitution)
        {
            connection.Writer.Write(substitutes);
        }

        connection.Finish();
        return [.. connection.Reader.ReadPaths()];
    }

    public static void Serve(ServerConnection connection)
    {
        var paths = connection.Reader.ReadPaths();
        var substitutes = connection.Version >= WorkerProtocol.WithSubstitution && connection.Reader.ReadFlag();
        connection.Writer.Write(connection.Work(() =>
        {
            if (substitutes)
            {
                Substitution.Try(connection.Store, paths, connection.Cancellation);
            }

            return paths.Where(connection.Store.Infos.IsValid).ToList();
        }));
    }
}
