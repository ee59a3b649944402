using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Model.Diagnostics;

namespace Firn.Daemon.Operations;

/// <summary>Tells what the client wants of all that it asks for.</summary>
internal static class SetOptions
{
    public const ulong Number = 19;

    public static void Call(DaemonConnection connection, ClientOptions options)
    {
        var writer = connection.Writer;
        connection.Begin(Number);
        writer.Write(options.KeepFailed);
        writer.Write(options.KeepGoing);
        writer.Write(options.Fallback);
        writer.Write((ulong)options.Verbosity);
        writer.Write((ulong)options.MaxJobs);
        writer.Write(options.MaxSilentTime);
        writer.Write(1UL);
        // Output of builders is sent as if it were errors when it is to be shown.
        writer.Write((ulong)(options.ShowsBuildLogs ? Verbosity.Error : Verbosity.Vomit));
        writer.Write(0UL);
        writer.Write(0UL);
        writer.Write((ulong)options.Cores);
        writer.Write(options.UsesSubstitutes);
        writer.WriteList(options.Settings, setting =>
        {
            writer.Write(setting.Key);
            writer.Write(setting.Value);
        });
        connection.Finish();
    }

    public static void Serve(ServerConnection connection)
    {
        var reader = connection.Reader;
        var options = new ClientOptions
        {
            KeepFailed = reader.ReadFlag(),
            KeepGoing = reader.ReadFlag(),
            Fallback = reader.ReadFlag(),
            Verbosity = (Verbosity)Math.Min(reader.ReadNumber(), (ulong)Verbosity.Vomit),
            MaxJobs = reader.ReadInt(),
            MaxSilentTime = reader.ReadNumber(uint.MaxValue),
        };
        reader.ReadNumber();
        options = options with { ShowsBuildLogs = reader.ReadNumber() == (ulong)Verbosity.Error };
        reader.ReadNumber();
        reader.ReadNumber();
        options = options with
        {
            Cores = reader.ReadInt(),
            UsesSubstitutes = reader.ReadFlag(),
            Settings = [.. reader.ReadList(() => KeyValuePair.Create(reader.ReadName(), reader.ReadString()))],
        };
        connection.Log.Verbosity = options.Verbosity;
        connection.Work(() => connection.Host.Configure(options, connection.IsTrusted));
    }
}
