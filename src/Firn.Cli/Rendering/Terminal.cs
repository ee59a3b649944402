namespace Firn.Cli.Rendering;

/// <summary>What standard error is connected to.</summary>
internal static class Terminal
{
    /// <summary>Whether a person sees standard error as it is written, on something that knows escapes.</summary>
    public static bool IsErrorTerminal =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Whether a person sees standard output.</summary>
    public static bool IsOutputTerminal => !Console.IsOutputRedirected;

    public static Ansi ErrorColours => new(IsErrorTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "");
}
