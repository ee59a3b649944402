using Firn.Model.Diagnostics;

namespace Firn.Model.Text;

/// <summary>The error codes of the text formats.</summary>
public static class TextErrors
{
    public static ErrorCode InvalidRegex { get; } = new("text/invalid-regex");

    public static ErrorCode RegexTooLarge { get; } = new("text/regex-too-large");
}
