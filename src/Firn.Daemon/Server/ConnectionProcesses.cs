using System.Collections;
using System.Net.Sockets;
using Firn.Model.Text;
using Firn.Platform.Processes;

namespace Firn.Daemon.Server;

/// <summary>Starts this program once more for each client: what one client does to its process, no other client feels.</summary>
/// <param name="arguments">What this process was called with, its name first.</param>
public sealed class ConnectionProcesses(IReadOnlyList<string> arguments)
{
    /// <summary>The option by which the new process knows what it is for.</summary>
    public const string Option = "connection";

    // Each is a process: so many leave the machine alive, whatever goes wrong.
    private const int MaxRunning = 500;

    private readonly Lock _lock = new();
    private readonly List<ChildProcess> _running = [];

    /// <summary>Starts a process whose standard streams are the connection; it does not end with us.</summary>
    public void Start(Socket caller, bool isTrusted, uint user)
    {
        lock (_lock)
        {
            foreach (var ended in _running.Where(c => c.Wait(TimeSpan.Zero) is not null).ToList())
            {
                _running.Remove(ended);
                ended.Dispose();
            }

            if (_running.Count >= MaxRunning)
            {
                throw new DaemonException(DaemonErrors.NotAllowed, $"{MaxRunning} clients are served already, and there can be no more");
            }
        }

        var descriptor = (int)caller.Handle;
        var child = ChildProcess.Start(new ChildOptions
        {
            Program = ByteString.Of("/proc/self/exe"),
            Arguments = [.. arguments.Append($"--{Option}").Append($"{(isTrusted ? "trusted" : "untrusted")}:{user}").Select(ByteString.Of)],
            Environment = [.. Environment()],
            Descriptors = [new(descriptor, 0), new(descriptor, 1), new(2, 2)],
            LeadsSession = true,
        });
        lock (_lock)
        {
            _running.Add(child);
        }
    }

    // The sockets that a service manager passed are not for it.
    private static IEnumerable<ByteString> Environment() => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(e => e.Key is not ("LISTEN_FDS" or "LISTEN_PID" or "LISTEN_FDNAMES")).Select(e => ByteString.Of($"{e.Key}={e.Value}"));
}
