namespace Firn.Cli.Rendering;

/// <summary>Writes text so that a shell reads it back as it is.</summary>
internal static class ShellText
{
    /// <summary>Puts single quotes around, whatever it is.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
