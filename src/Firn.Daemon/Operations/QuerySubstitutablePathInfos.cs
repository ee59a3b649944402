using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.ContentAddresses;
using Firn.Store.Substituting;

namespace Firn.Daemon.Operations;

/// <summary>Tells what there is to fetch as some objects.</summary>
internal static class QuerySubstitutablePathInfos
{
    public const ulong Number = 30;

    public static void Write(WireWriter writer, SubstitutableObject found)
    {
        writer.WriteOrNull(found.Info.Deriver);
        writer.Write(found.Info.References);
        writer.Write(found.DownloadSize);
        writer.Write(found.Info.NarSize);
    }

    public static void Serve(ServerConnection connection)
    {
        var reader = connection.Reader;
        var wanted = connection.Version < WorkerProtocol.WithAddressedSubstitutes
            ? reader.ReadList(() => (Path: reader.ReadPath(), Address: (ContentAddress?)null))
            : reader.ReadList(() => (Path: reader.ReadPath(), Address: reader.ReadName() is { Length: > 0 } text ? ContentAddress.Parse(text) : null));
        var found = connection.Work(() => wanted
            .Select(w => (w.Path, Found: connection.Host.Substituters.Select(s => s.Find(w.Path, w.Address)).FirstOrDefault(f => f is not null)))
            .Where(f => f.Found is not null).ToList());
        connection.Writer.WriteList(found, f =>
        {
            connection.Writer.Write(f.Path);
            Write(connection.Writer, f.Found!);
        });
    }
}
