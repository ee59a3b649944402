using Firn.Daemon.Server;
using Firn.Daemon.Wire;

namespace Firn.Daemon.Operations;

/// <summary>Lists the names of the outputs of a derivation, as versions before 1.30 ask for them.</summary>
internal static class QueryDerivationOutputNames
{
    public const ulong Number = 28;

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        connection.Writer.Write(connection.Work(() => connection.Store.Outputs.FindOutputs(path).Keys.ToList()));
    }
}
