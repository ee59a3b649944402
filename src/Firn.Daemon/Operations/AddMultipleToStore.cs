using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.PathInfos;
using Firn.Store.Nars;

namespace Firn.Daemon.Operations;

/// <summary>Adds many objects in one request.</summary>
internal static class AddMultipleToStore
{
    public const ulong Number = 44;

    private static readonly ProtocolVersion _form = new(1, 16);

    /// <summary>Adds objects, each after those that it refers to.</summary>
    public static void Call(DaemonConnection connection, IReadOnlyCollection<(PathInfo Info, Action<Stream> WriteNar)> objects, NarImport import)
    {
        connection.Begin(Number);
        connection.Writer.Write(import.Repair);
        connection.Writer.Write(!import.ChecksSignatures);
        connection.FinishWithFrames(frames =>
        {
            var writer = new WireWriter(frames, connection.Writer.Directory) { Version = _form };
            writer.WriteList(objects, item =>
            {
                writer.Write(item.Info.Path);
                writer.Write(item.Info);
                item.WriteNar(writer.Rest);
            });
            writer.Flush();
        });
    }

    public static void Serve(ServerConnection connection)
    {
        var repair = connection.Reader.ReadFlag();
        var skipsSignatures = connection.Reader.ReadFlag();
        connection.WorkWithFrames<object?>(frames =>
        {
            var import = AddToStoreNar.Import(connection, repair, skipsSignatures);
            // The form in which infos came when this operation was new.
            var reader = new WireReader(frames, connection.Reader.Directory) { Version = _form };
            for (var left = reader.ReadCount(); left > 0; left--)
            {
                _ = reader.IsAtEnd();
                connection.Cancellation.ThrowIfCancellationRequested();
                var info = reader.ReadInfo(reader.ReadPath());
                connection.Store.NarSink.Add(info with { IsUltimate = info.IsUltimate && connection.IsTrusted }, reader.Rest, import);
            }

            return null;
        });
    }
}
