using Firn.Daemon.Wire;
using Firn.Model.Diagnostics;

namespace Firn.Daemon.Client;

/// <summary>Passes what a daemon tells while it works on to our own log.</summary>
internal sealed class MessagePump(WireReader reader, IActivityLog log)
{
    private const int MaxActivities = 100_000;

    private readonly Dictionary<ulong, ulong> _activities = [];

    /// <summary>Reads until the answer follows.</summary>
    /// <exception cref="RemoteException">There will be no answer.</exception>
    public void Run()
    {
        while (true)
        {
            switch (reader.ReadNumber())
            {
                case LogMessage.Last:
                    return;
                case LogMessage.Error:
                    throw ReadError();
                case LogMessage.Next:
                    // The other side has put a "warning:" before what is one.
                    log.Write(Verbosity.Error, reader.ReadString().TrimEnd('\n', ' '));
                    break;
                case LogMessage.StartActivity:
                    Start();
                    break;
                case LogMessage.StopActivity:
                    if (_activities.Remove(reader.ReadNumber(), out var stopped))
                    {
                        log.Stop(stopped);
                    }

                    break;
                case LogMessage.Result:
                    Report();
                    break;
                case var other:
                    throw DaemonException.Protocol($"got unknown message type {other:x} from Nix daemon");
            }

            _ = reader.IsAtEnd();
        }
    }

    private void Start()
    {
        var theirs = reader.ReadNumber();
        var level = (Verbosity)reader.ReadNumber((long)Verbosity.Vomit);
        var kind = (ActivityKind)reader.ReadInt();
        var text = reader.ReadString();
        var fields = ReadFields();
        var parent = _activities.GetValueOrDefault(reader.ReadNumber());
        var ours = log.Start(level, kind, text, parent, fields);
        if (_activities.Count < MaxActivities)
        {
            _activities[theirs] = ours;
        }
    }

    private void Report()
    {
        var theirs = reader.ReadNumber();
        var what = (ActivityEvent)reader.ReadInt();
        var fields = ReadFields();
        if (_activities.TryGetValue(theirs, out var ours))
        {
            log.Report(ours, what, fields);
        }
    }

    private ActivityField[] ReadFields() => [.. reader.ReadList<ActivityField>(() => reader.ReadNumber() switch
    {
        0 => (long)reader.ReadNumber(),
        1 => reader.ReadString(),
        var type => throw DaemonException.Protocol($"got unsupported field type {type:x} from Nix daemon"),
    })];

    private RemoteException ReadError()
    {
        if (reader.Version < WorkerProtocol.WithErrors)
        {
            var text = reader.ReadString();
            return new RemoteException(text, (int)Math.Clamp(reader.ReadNumber(int.MaxValue), 1, 255));
        }

        _ = reader.ReadName();
        _ = reader.ReadNumber();
        _ = reader.ReadName();
        var message = reader.ReadString();
        _ = reader.ReadNumber();
        _ = reader.ReadList(() =>
        {
            _ = reader.ReadNumber();
            return reader.ReadString();
        });
        return new RemoteException(message, 1);
    }
}
