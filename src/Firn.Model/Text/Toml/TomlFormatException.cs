using Firn.Model.Diagnostics;

namespace Firn.Model.Text.Toml;

/// <summary>Some text is not TOML.</summary>
public sealed class TomlFormatException : FirnException
{
    internal TomlFormatException(ReadOnlySpan<byte> text, int offset, string problem)
        : this(TextPosition.Of(text, offset), offset, problem)
    {
    }

    private TomlFormatException(LineColumn position, int offset, string problem)
        : base(new Diagnostic(
            TextErrors.InvalidToml, $"invalid TOML at line {position.Line}, column {position.Column}: {problem}")) =>
        (Position, Offset) = (position, offset);

    /// <summary>Where the text stops being TOML.</summary>
    public LineColumn Position { get; }

    /// <summary>The same in bytes from the start.</summary>
    public int Offset { get; }
}
