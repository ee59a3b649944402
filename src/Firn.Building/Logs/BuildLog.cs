using System.Text;
using System.Text.Json;
using Firn.Model.Diagnostics;

namespace Firn.Building.Logs;

/// <summary>Cuts what a builder prints into lines, takes messages for us out of them, and remembers the last ones.</summary>
/// <param name="log">Who is told.</param>
/// <param name="activity">The build's activity.</param>
/// <param name="tailLines">How many lines are remembered.</param>
public sealed class BuildLog(IActivityLog log, ulong activity, int tailLines)
{
    private const int MaxLine = 1024 * 1024;

    private readonly Queue<string> _tail = new();
    private readonly Dictionary<ulong, ulong> _inner = [];
    private byte[] _line = new byte[256];
    private int _length;
    private int _at;

    /// <summary>The last lines.</summary>
    public IReadOnlyCollection<string> Tail => _tail;

    /// <summary>Takes bytes as they come; a carriage return goes back to the start of the line, as on a terminal.</summary>
    public void Write(ReadOnlySpan<byte> output)
    {
        foreach (var b in output)
        {
            if (b == '\r')
            {
                _at = 0;
            }
            else if (b == '\n')
            {
                EndLine();
            }
            else
            {
                if (_at == MaxLine)
                {
                    EndLine();
                }

                if (_at == _line.Length)
                {
                    Array.Resize(ref _line, _line.Length * 2);
                }

                _line[_at++] = b;
                _length = Math.Max(_length, _at);
            }
        }
    }

    /// <summary>Takes what stands on the last line, when it has no end, and ends activities that the builder left open.</summary>
    public void Finish()
    {
        if (_length > 0)
        {
            EndLine();
        }

        foreach (var inner in _inner.Values)
        {
            log.Stop(inner);
        }

        _inner.Clear();
    }

    private void EndLine()
    {
        // What stood behind a carriage return that came last is gone, as with C++ Nix; the file of the log has it.
        var line = _line.AsSpan(0, _at);
        if (!line.StartsWith("@nix "u8) || !TryTake(line[5..]))
        {
            var text = Encoding.UTF8.GetString(line);
            log.Report(activity, ActivityEvent.BuildLogLine, text);
            _tail.Enqueue(text);
            if (_tail.Count > tailLines)
            {
                _tail.Dequeue();
            }
        }

        (_at, _length) = (0, 0);
    }

    private bool TryTake(ReadOnlySpan<byte> json)
    {
        try
        {
            using var message = JsonDocument.Parse(json.ToArray());
            return TryTake(message.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            log.Write(Verbosity.Warning, $"Unable to handle a JSON message from the derivation builder: {e.Message}");
            return false;
        }
    }

    private bool TryTake(JsonElement message)
    {
        switch (message.GetProperty("action").GetString())
        {
            case "setPhase":
                log.Report(activity, ActivityEvent.SetPhase, Text(message, "phase"));
                break;
            case "msg":
                log.Write((Verbosity)Math.Clamp(message.GetProperty("level").GetInt32(), 0, 7), Text(message, "msg"));
                break;
            case "start" when message.GetProperty("type").GetInt32() == (int)ActivityKind.FileTransfer:
                // A builder may say that it downloads something; it may not pretend to do anything else.
                var id = message.GetProperty("id").GetUInt64();
                var started = log.Start(
                    (Verbosity)Math.Clamp(message.GetProperty("level").GetInt32(), 0, 7), ActivityKind.FileTransfer,
                    Text(message, "text"), activity, Fields(message));
                if (_inner.Remove(id, out var other))
                {
                    log.Stop(other);
                }

                _inner[id] = started;
                break;
            case "stop" when _inner.Remove(message.GetProperty("id").GetUInt64(), out var ended):
                log.Stop(ended);
                break;
            case "result" when _inner.TryGetValue(message.GetProperty("id").GetUInt64(), out var reported):
                log.Report(reported, (ActivityEvent)message.GetProperty("type").GetInt32(), Fields(message));
                break;
        }

        return true;
    }

    private static string Text(JsonElement message, string name) =>
        message.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static ActivityField[] Fields(JsonElement message) => message.TryGetProperty("fields", out var fields)
        ? [.. fields.EnumerateArray().Select(f =>
            f.ValueKind == JsonValueKind.Number ? ActivityField.FromInt64(f.GetInt64()) : ActivityField.FromString(f.GetString() ?? ""))]
        : [];
}
