namespace Firn.Cli.Repl;

/// <summary>One thing that can be done at the prompt besides evaluating: its names, its help, what it does.</summary>
/// <param name="Names">Each with its colon, the one that the help shows first in front.</param>
/// <param name="Argument">What the help calls its argument; empty for none.</param>
/// <param name="Description">What it does, lines as the help shows them.</param>
/// <param name="Run">Does it, given what stands behind the name.</param>
internal sealed record ReplCommandEntry(string[] Names, string Argument, string Description, Func<string, ReplStep> Run);

/// <summary>Finds commands and describes them.</summary>
internal static class ReplCommandList
{
    private const int Column = 31;

    public static ReplCommandEntry? Find(IEnumerable<ReplCommandEntry> commands, string name) => commands.FirstOrDefault(c => c.Names.Contains(name));

    /// <summary>Returns what <c>:?</c> prints.</summary>
    public static string Help(IEnumerable<ReplCommandEntry> commands, IReadOnlyList<ReplCommandEntry> debugging)
    {
        var text = "The following commands are available:\n\n"
            + Line("<expr>", "Evaluate and print expression")
            + Line("<x> = <expr>", "Bind expression to variable")
            + string.Concat(commands.Select(c => Line(Usage(c), c.Description)));
        return debugging.Count == 0
            ? text
            : text + "\n        Debug mode commands\n" + string.Concat(debugging.Select(c => $"  {Usage(c),-17}{c.Description}\n"));
    }

    private static string Usage(ReplCommandEntry command) =>
        string.Join(", ", command.Names) + (command.Argument.Length > 0 ? " " + command.Argument : "");

    private static string Line(string usage, string description) =>
        $"  {usage}".PadRight(Column) + description.Replace("\n", "\n" + new string(' ', Column)) + "\n";
}
