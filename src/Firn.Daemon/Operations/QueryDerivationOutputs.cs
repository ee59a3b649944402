using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Lists the outputs of a derivation, as versions before 1.30 ask for them.</summary>
internal static class QueryDerivationOutputs
{
    public const ulong Number = 22;

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        connection.Writer.Write(connection.Work(() => connection.Store.Outputs.FindOutputs(path).Values.OfType<StorePath>().ToList()));
    }
}
