using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Store.Collecting;

namespace Firn.Daemon.Operations;

/// <summary>Lists or removes what lives or does not.</summary>
internal static class CollectGarbage
{
    public const ulong Number = 20;

    public static GcResult Call(DaemonConnection connection, GcAction action)
    {
        var writer = connection.Writer;
        connection.Begin(Number);
        var specific = action as GcAction.DeleteSpecific;
        writer.Write(action switch
        {
            GcAction.ListLive => 0UL,
            GcAction.ListDead => 1UL,
            GcAction.DeleteDead => 2UL,
            _ => 3UL,
        });
        writer.Write(specific?.Paths ?? []);
        writer.Write(specific?.IgnoresLiveness ?? false);
        writer.Write(action is GcAction.DeleteDead(var max) ? max : long.MaxValue);
        writer.Write(0UL);
        writer.Write(0UL);
        writer.Write(0UL);
        connection.Finish();
        var paths = connection.Reader.ReadList(connection.Reader.ReadName);
        var freed = connection.Reader.ReadNumber();
        _ = connection.Reader.ReadNumber();
        return new GcResult([.. paths.Order(StringComparer.Ordinal)], (long)freed);
    }

    public static void Serve(ServerConnection connection)
    {
        var reader = connection.Reader;
        var kind = reader.ReadNumber(3);
        var paths = reader.ReadPaths();
        var ignoresLiveness = reader.ReadFlag();
        // All ones stand for no limit.
        var max = (long)Math.Min(reader.ReadNumber(), long.MaxValue);
        reader.ReadNumber();
        reader.ReadNumber();
        reader.ReadNumber();
        GcAction action = kind switch
        {
            0 => new GcAction.ListLive(),
            1 => new GcAction.ListDead(),
            2 => new GcAction.DeleteDead(max),
            _ => new GcAction.DeleteSpecific(paths, IgnoresLiveness: false),
        };
        var result = connection.Work(() => ignoresLiveness
            ? throw new DaemonException(DaemonErrors.NotAllowed, "you are not allowed to ignore liveness")
            : connection.Store.Collector.CollectGarbage(action, connection.Cancellation));
        connection.Writer.Write(result.Paths);
        connection.Writer.Write(result.BytesFreed);
        connection.Writer.Write(0UL);
    }
}
