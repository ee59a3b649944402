using Firn.Model.Diagnostics;

namespace Firn.Model.Signing;

/// <summary>The form that keys of both kinds share.</summary>
internal static class NamedKey
{
    internal static (string Name, byte[] Bytes) Parse(string kind, string text, bool isSecret = false)
    {
        text = text.Trim();
        var colon = text.IndexOf(':');
        var bytes = new byte[text.Length];
        if (colon <= 0)
        {
            throw Bad(kind, text, isSecret, "it must be a name, ':' and base-64");
        }

        return Convert.TryFromBase64String(text[(colon + 1)..], bytes, out var length)
            ? (text[..colon], bytes[..length])
            : throw Bad(kind, text, isSecret, "what comes after ':' is not base-64");
    }

    private static InvalidFormatException Bad(string kind, string text, bool isSecret, string problem) =>
        isSecret ? new(kind, problem) : new(kind, text, problem);
}
