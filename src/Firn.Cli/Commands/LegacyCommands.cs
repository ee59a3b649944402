using Firn.Model.Diagnostics;

namespace Firn.Cli.Commands;

/// <summary>The commands of the old programs, by program and by the option that names the operation.</summary>
internal static class LegacyCommands
{
    /// <summary>Finds the command of a program; what it is called in the help; and what of the line is left to read.</summary>
    public static (Command Command, string Name, IReadOnlyList<string> Remaining) Find(string program, IReadOnlyList<string> arguments) =>
        program switch
        {
            _ => throw new UsageException($"'{program}' is not part of this version of Firn"),
        };
}
