using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Store.Roots;

namespace Firn.Daemon.Operations;

/// <summary>Lists what keeps objects.</summary>
internal static class FindRoots
{
    public const ulong Number = 14;

    public static IReadOnlyList<GcRoot> Call(DaemonConnection connection)
    {
        connection.Begin(Number);
        connection.Finish();
        return connection.Reader.ReadList(() => new GcRoot(connection.Reader.ReadName(), connection.Reader.ReadPath()));
    }

    public static void Serve(ServerConnection connection)
    {
        var roots = connection.Work(() => connection.Store.Roots.ListRoots().Select(r => Censor(connection, r)).Distinct().ToList());
        connection.Writer.WriteList(roots, root =>
        {
            connection.Writer.Write(root.Link);
            connection.Writer.Write(root.Path);
        });
    }

    // What other users' processes have open is none of a user's business.
    private static GcRoot Censor(ServerConnection connection, GcRoot root) =>
        !connection.IsTrusted && (root.Link.StartsWith("/proc/", StringComparison.Ordinal) || root.Link.StartsWith('{'))
            ? root with { Link = "{censored}" }
            : root;
}
