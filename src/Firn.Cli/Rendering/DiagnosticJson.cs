using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>Writes a diagnostic as one line of JSON, for editors and other tools.</summary>
internal static class DiagnosticJson
{
    public static byte[] Write(Diagnostic diagnostic)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("severity", "error");
            json.WriteString("code", diagnostic.Code.Name);
            json.WriteString("message", diagnostic.Message);
            Place(json, "span", diagnostic.Span, diagnostic.SpanText);
            json.WriteStartArray("labels");
            foreach (var label in Or(diagnostic.Labels))
            {
                Place(json, null, label.Span, label.Text);
            }

            json.WriteEndArray();
            Sentences(json, "help", diagnostic.Hints);
            Sentences(json, "notes", diagnostic.Notes);
            json.WriteStartArray("trace");
            foreach (var frame in Or(diagnostic.Trace))
            {
                json.WriteStartObject();
                json.WriteString("doing", frame.Doing);
                json.WriteString("library", frame.Library);
                Place(json, "span", frame.Span, "");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    private static void Place(Utf8JsonWriter json, string? name, SourceSpan? span, string text)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        if (span is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("file", span.Origin.ToString());
        json.WriteNumber("line", span.Start.Line);
        json.WriteNumber("column", span.Start.Column);
        json.WriteNumber("length", span.Length);
        json.WriteString("source", Encoding.UTF8.GetString(span.LineBytes));
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void Sentences(Utf8JsonWriter json, string name, ImmutableArray<string> sentences)
    {
        json.WriteStartArray(name);
        foreach (var sentence in Or(sentences))
        {
            json.WriteStringValue(sentence);
        }

        json.WriteEndArray();
    }

    private static ImmutableArray<T> Or<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;
}
