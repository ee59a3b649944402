using Firn.Archive.Nars;
using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;
using Firn.Store.PathInfos;

namespace Firn.Daemon.Operations;

/// <summary>Gives the content of an object.</summary>
internal static class NarFromPath
{
    public const ulong Number = 38;

    public static void Call(DaemonConnection connection, StorePath path, Stream output)
    {
        var writer = new NarWriter(output);
        Call(connection, path, writer);
        writer.Finish();
    }

    public static void Call(DaemonConnection connection, StorePath path, INarVisitor visitor)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Finish();
        NarReader.Read(connection.Reader.Rest, visitor);
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        // Once the answer begins, nothing can be told any more: so what can be known is found out before.
        connection.Work(() => connection.Store.Infos.Get(path, connection.Store.Directory));
        connection.Store.Nars.WriteNar(path, connection.Writer.Rest);
    }
}
