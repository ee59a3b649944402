using Firn.Daemon.Server;
using Firn.Daemon.Wire;

namespace Firn.Daemon.Operations;

/// <summary>Adds a text with what it refers to, as versions before 1.25 do.</summary>
internal static class AddTextToStore
{
    public const ulong Number = 8;

    public static void Serve(ServerConnection connection)
    {
        var name = connection.Reader.ReadName();
        var text = connection.Reader.ReadBytes();
        var references = connection.Reader.ReadPaths();
        connection.Writer.Write(connection.Work(() => connection.Store.Contents.AddText(name, text, references, repair: false)));
    }
}
