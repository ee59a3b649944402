using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Firn.Cli;

/// <summary>Standard output: data, and nothing else.</summary>
internal sealed class Output(Stream stream) : IDisposable
{
    private StreamWriter? _text;

    /// <summary>For bytes; what was written as text before comes first.</summary>
    public Stream Stream
    {
        get
        {
            _text?.Flush();
            return stream;
        }
    }

    /// <summary>For text; written when the command ends.</summary>
    public TextWriter Text => _text ??= new StreamWriter(stream, new UTF8Encoding(false), 16384, leaveOpen: true) { NewLine = "\n" };

    public void Line(string text) => Text.WriteLine(text);

    /// <summary>Writes one JSON value and a newline, once all of it is there: half a value is of no use to anybody.</summary>
    public void Json(bool pretty, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = pretty, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        Stream.Write(bytes.WrittenSpan);
        Stream.WriteByte((byte)'\n');
    }

    public void Flush()
    {
        _text?.Flush();
        stream.Flush();
    }

    public void Dispose()
    {
        _text?.Dispose();
        stream.Dispose();
    }
}
