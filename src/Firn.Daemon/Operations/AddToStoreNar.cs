using Firn.Archive.Nars;
using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.PathInfos;
using Firn.Store.Nars;

namespace Firn.Daemon.Operations;

/// <summary>Adds an object with all that is recorded about it.</summary>
internal static class AddToStoreNar
{
    public const ulong Number = 39;

    public static void Call(DaemonConnection connection, PathInfo info, Stream nar, NarImport import)
    {
        var writer = connection.Writer;
        connection.Begin(Number);
        writer.Write(info.Path);
        writer.Write(info);
        writer.Write(import.Repair);
        writer.Write(!import.ChecksSignatures);
        connection.FinishWithFrames(frames => NarReader.Copy(nar, frames));
    }

    public static void Serve(ServerConnection connection)
    {
        var reader = connection.Reader;
        var path = reader.ReadPath();
        var info = reader.ReadInfo(path);
        var repair = reader.ReadFlag();
        var skipsSignatures = reader.ReadFlag();
        info = info with { IsUltimate = info.IsUltimate && connection.IsTrusted };
        if (connection.Version >= WorkerProtocol.WithFramedNars)
        {
            connection.WorkWithFrames<object?>(frames =>
            {
                connection.Store.NarSink.Add(info, frames, Import(connection, repair, skipsSignatures));
                return null;
            });
            return;
        }

        if (connection.Version >= WorkerProtocol.WithTunnelledNars)
        {
            connection.Work(() => connection.Store.NarSink.Add(info, new BufferedStream(new TunnelReader(connection), 64 * 1024), Import(connection, repair, skipsSignatures)));
            return;
        }

        connection.Work(() => connection.Store.NarSink.Add(info, reader.Rest, Import(connection, repair, skipsSignatures)));
    }

    /// <summary>What of a client's wishes is granted: only who is trusted goes without signatures, or repairs.</summary>
    internal static NarImport Import(ServerConnection connection, bool repair, bool skipsSignatures)
    {
        if (repair)
        {
            connection.NeedTrust("repairing is not allowed because you are not in 'trusted-users'");
        }

        return new NarImport(repair, ChecksSignatures: !(skipsSignatures && connection.IsTrusted));
    }
}
