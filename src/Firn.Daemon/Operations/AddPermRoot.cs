using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Daemon.Operations;

/// <summary>Makes a link that keeps an object.</summary>
internal static class AddPermRoot
{
    public const ulong Number = 47;

    public static string Call(DaemonConnection connection, StorePath path, string link)
    {
        connection.Begin(Number);
        connection.Writer.Write(path);
        connection.Writer.Write(link);
        connection.Finish();
        return connection.Reader.ReadName();
    }

    public static void Serve(ServerConnection connection)
    {
        var path = connection.Reader.ReadPath();
        var link = connection.Reader.ReadName();
        connection.Work(() =>
        {
            connection.NeedTrust(
                "you are not privileged to create perm roots\n\n"
                + "hint: you can just do this client-side without special privileges, and probably want to do that instead.");
            connection.Store.Roots.AddPermanentRoot(path, link);
        });
        connection.Writer.Write(link);
    }
}
