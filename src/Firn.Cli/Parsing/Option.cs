namespace Firn.Cli.Parsing;

/// <summary>One option of a command: how it is written, what it says of itself, what it does.</summary>
/// <param name="Name">The long name, without dashes.</param>
/// <param name="Short">The short name, or <c>'\0'</c>.</param>
/// <param name="Labels">What its arguments are called in the help; as many as there are arguments.</param>
/// <param name="Description">One sentence for the help.</param>
/// <param name="Apply">Takes the arguments.</param>
internal sealed record Option(string Name, char Short, string[] Labels, string Description, Action<string[]> Apply)
{
    /// <summary>The heading under which the help shows it; empty for the command's own.</summary>
    public string Category { get; init; } = "";

    public string[] Aliases { get; init; } = [];

    /// <summary>Whether everything that follows on the line is its argument.</summary>
    public bool TakesRest { get; init; }
}
