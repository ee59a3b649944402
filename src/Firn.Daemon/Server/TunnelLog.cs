using Firn.Daemon.Wire;
using Firn.Model.Diagnostics;

namespace Firn.Daemon.Server;

/// <summary>Sends what happens to the client, whenever the protocol lets it: while it waits for an answer.</summary>
/// <remarks>What is said at other times is kept until then, as far as it is not too much.</remarks>
public sealed class TunnelLog : IActivityLog
{
    private const int MaxPending = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<Action<WireWriter>> _pending = new();
    private readonly Action _onLost;
    private WireWriter? _writer;
    private ulong _next = (ulong)Environment.ProcessId << 32;
    private bool _canSend;

    /// <param name="onLost">Called when the client can no longer be reached.</param>
    public TunnelLog(Action onLost) => _onLost = onLost;

    /// <summary>Which messages are sent.</summary>
    public Verbosity Verbosity { get; set; } = Verbosity.Info;

    /// <summary>Whether an answer is being worked on.</summary>
    internal bool IsWorking => _canSend;

    public bool Shows(Verbosity level) => level <= Verbosity;

    public void Write(Verbosity level, string message)
    {
        if (Shows(level))
        {
            var line = (level == Verbosity.Warning ? $"\e[35;1mwarning:\e[0m {message}" : message) + "\n";
            Send(w =>
            {
                w.Write(LogMessage.Next);
                w.Write(line);
            });
        }
    }

    public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields)
    {
        var id = Interlocked.Increment(ref _next) - 1;
        if (_writer is { } writer && writer.Version < WorkerProtocol.WithActivities)
        {
            if (text.Length > 0)
            {
                Write(level, text + "...");
            }

            return id;
        }

        var copy = fields.ToArray();
        Send(w =>
        {
            w.Write(LogMessage.StartActivity);
            w.Write(id);
            w.Write((ulong)level);
            w.Write((ulong)kind);
            w.Write(text);
            Write(w, copy);
            w.Write(parent);
        });
        return id;
    }

    public void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields)
    {
        if (_writer is { } writer && writer.Version < WorkerProtocol.WithActivities)
        {
            return;
        }

        var copy = fields.ToArray();
        Send(w =>
        {
            w.Write(LogMessage.Result);
            w.Write(activity);
            w.Write((ulong)what);
            Write(w, copy);
        });
    }

    public void Stop(ulong activity)
    {
        if (_writer is { } writer && writer.Version < WorkerProtocol.WithActivities)
        {
            return;
        }

        Send(w =>
        {
            w.Write(LogMessage.StopActivity);
            w.Write(activity);
        });
    }

    /// <summary>Sends through <paramref name="writer"/> from now on.</summary>
    internal void Attach(WireWriter writer) => _writer = writer;

    /// <summary>The client waits for an answer: it can be told things.</summary>
    internal void StartWork()
    {
        lock (_lock)
        {
            _canSend = true;
            while (_pending.TryDequeue(out var write))
            {
                write(_writer!);
            }

            _writer!.Flush();
        }
    }

    /// <summary>The answer follows.</summary>
    internal void StopWork()
    {
        lock (_lock)
        {
            _canSend = false;
            _writer!.Write(LogMessage.Last);
        }
    }

    /// <summary>There will be no answer.</summary>
    internal void StopWork(Diagnostic failure, int status)
    {
        lock (_lock)
        {
            _canSend = false;
            var writer = _writer!;
            writer.Write(LogMessage.Error);
            if (writer.Version < WorkerProtocol.WithErrors)
            {
                writer.Write(failure.Message);
                writer.Write((ulong)status);
                return;
            }

            writer.Write("Error");
            writer.Write((ulong)Verbosity.Error);
            writer.Write("Error");
            writer.Write(failure.Message);
            writer.Write(0UL);
            writer.Write((ulong)failure.Trace.Length);
            foreach (var frame in failure.Trace)
            {
                writer.Write(0UL);
                writer.Write(frame.Doing);
            }
        }
    }

    private void Send(Action<WireWriter> write)
    {
        lock (_lock)
        {
            if (_writer is null || !_canSend)
            {
                if (_pending.Count < MaxPending)
                {
                    _pending.Enqueue(write);
                }

                return;
            }

            try
            {
                write(_writer);
                _writer.Flush();
            }
            catch (IOException)
            {
                _canSend = false;
                _onLost();
            }
        }
    }

    private static void Write(WireWriter writer, ActivityField[] fields) => writer.WriteList(fields, field =>
    {
        if (field.Text is { } text)
        {
            writer.Write(1UL);
            writer.Write(text);
        }
        else
        {
            writer.Write(0UL);
            writer.Write(field.Number);
        }
    });
}
