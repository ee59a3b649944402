using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Daemon.Operations;

/// <summary>Tells where the outputs of a derivation are, as far as that is known.</summary>
internal static class QueryDerivationOutputMap
{
    public const ulong Number = 41;

    public static IReadOnlyDictionary<string, StorePath?> Call(DaemonConnection connection, StorePath path)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Finish();
        var outputs = new SortedDictionary<string, StorePath?>(Utf8Order.Comparer);
        for (var left = connection.Reader.ReadCount(); left > 0; left--)
        {
            var name = connection.Reader.ReadName();
            outputs[name] = connection.Reader.ReadPathOrNull();
        }

        return outputs;
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        var outputs = connection.Work(() => connection.Store.Outputs.FindOutputs(path));
        connection.Writer.WriteList(outputs.ToList(), output =>
        {
            connection.Writer.Write(output.Key);
            connection.Writer.WriteOrNull(output.Value);
        });
    }
}
