using Firn.Model.Diagnostics;

namespace Firn.Model.Text.Json;

/// <summary>Some text is not JSON.</summary>
public sealed class JsonFormatException : FirnException
{
    internal JsonFormatException(ReadOnlySpan<byte> text, int offset, string problem)
        : this(TextPosition.Of(text, offset), offset, problem)
    {
    }

    private JsonFormatException(LineColumn position, int offset, string problem)
        : base(new Diagnostic(
            TextErrors.InvalidJson, $"invalid JSON at line {position.Line}, column {position.Column}: {problem}")) =>
        (Position, Offset) = (position, offset);

    /// <summary>Where the text stops being JSON.</summary>
    public LineColumn Position { get; }

    /// <summary>The same in bytes from the start.</summary>
    public int Offset { get; }
}

/// <summary>Some text cannot be written as JSON, for it is not UTF-8.</summary>
public sealed class JsonSerializationException(string problem)
    : FirnException(new Diagnostic(TextErrors.NotUtf8, $"JSON serialization error: {problem}")
    {
        Hints = ["JSON can hold UTF-8 only; encode other bytes first, for instance in hexadecimal."],
    });
