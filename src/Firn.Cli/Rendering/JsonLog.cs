using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>Writes every message and event as one line of JSON, as <c>--log-format internal-json</c> and <c>json-log-path</c> have it.</summary>
internal sealed class JsonLog(Stream output, string linePrefix, Verbosity verbosity) : IDiagnosticLog
{
    private readonly Lock _lock = new();
    private readonly byte[] _prefix = System.Text.Encoding.UTF8.GetBytes(linePrefix);
    private ulong _next = (ulong)Environment.ProcessId << 32;

    public bool Shows(Verbosity level) => level <= verbosity;

    public void Write(Verbosity level, string message) => WriteLine(json =>
    {
        json.WriteString("action", "msg");
        json.WriteNumber("level", (int)level);
        json.WriteString("msg", level == Verbosity.Warning ? $"\e[35;1mwarning:\e[0m {message}" : message);
    });

    public void Write(Diagnostic diagnostic, bool showsTrace) => WriteLine(json =>
    {
        json.WriteString("action", "msg");
        if (diagnostic.Span is { } span)
        {
            json.WriteNumber("column", span.Start.Column);
            json.WriteString("file", span.Origin.ToString());
            json.WriteNumber("level", 0);
            json.WriteNumber("line", span.Start.Line);
        }
        else
        {
            json.WriteNull("column");
            json.WriteNull("file");
            json.WriteNumber("level", 0);
            json.WriteNull("line");
        }

        json.WriteString("msg", DiagnosticText.Render(diagnostic, showsTrace, new Ansi(true)));
        json.WriteString("raw_msg", diagnostic.Message);
    });

    public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields)
    {
        var id = Interlocked.Increment(ref _next) - 1;
        var copy = fields.ToArray();
        WriteLine(json =>
        {
            json.WriteString("action", "start");
            WriteFields(json, copy);
            json.WriteNumber("id", id);
            json.WriteNumber("level", (int)level);
            json.WriteNumber("parent", parent);
            json.WriteString("text", text);
            json.WriteNumber("type", (int)kind);
        });
        return id;
    }

    public void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields)
    {
        var copy = fields.ToArray();
        WriteLine(json =>
        {
            json.WriteString("action", "result");
            WriteFields(json, copy);
            json.WriteNumber("id", activity);
            json.WriteNumber("type", (int)what);
        });
    }

    public void Stop(ulong activity) => WriteLine(json =>
    {
        json.WriteString("action", "stop");
        json.WriteNumber("id", activity);
    });

    public void Dispose() => output.Dispose();

    private static void WriteFields(Utf8JsonWriter json, ActivityField[] fields)
    {
        if (fields.Length == 0)
        {
            return;
        }

        json.WriteStartArray("fields");
        foreach (var field in fields)
        {
            if (field.Text is { } text)
            {
                json.WriteStringValue(text);
            }
            else
            {
                json.WriteNumberValue(field.Number);
            }
        }

        json.WriteEndArray();
    }

    private void WriteLine(Action<Utf8JsonWriter> write)
    {
        using var line = new MemoryStream();
        line.Write(_prefix);
        using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        lock (_lock)
        {
            try
            {
                output.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
                output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads any more; the work itself goes on.
            }
        }
    }
}
