using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Adds signatures to an object.</summary>
internal static class AddSignatures
{
    public const ulong Number = 37;

    public static void Call(DaemonConnection connection, StorePath path, IEnumerable<string> signatures)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Writer.Write(signatures);
        connection.Finish();
        _ = connection.Reader.ReadNumber();
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        var signatures = connection.Reader.ReadList(connection.Reader.ReadName);
        connection.Work(() => connection.Store.Signatures.AddSignatures(path, signatures));
        connection.Writer.Write(1UL);
    }
}
