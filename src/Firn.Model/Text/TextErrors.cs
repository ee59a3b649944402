using Firn.Model.Diagnostics;

namespace Firn.Model.Text;

/// <summary>The error codes of the text formats.</summary>
public static class TextErrors
{
    public static ErrorCode InvalidRegex { get; } = new("text/invalid-regex");

    public static ErrorCode InvalidJson { get; } = new("text/invalid-json");

    public static ErrorCode InvalidToml { get; } = new("text/invalid-toml");

    public static ErrorCode NotUtf8 { get; } = new("text/not-utf8");

    public static ErrorCode RegexTooLarge { get; } = new("text/regex-too-large");
}
