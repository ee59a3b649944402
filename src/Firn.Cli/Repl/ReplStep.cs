namespace Firn.Cli.Repl;

/// <summary>What the prompt does after it did what was typed.</summary>
internal enum ReplStep
{
    /// <summary>Asks for the next thing.</summary>
    Done,

    /// <summary>Asks for the next line of the same thing.</summary>
    More,

    /// <summary>Ends, and the program with it.</summary>
    Quit,

    /// <summary>Ends, and the evaluation that it interrupted goes on.</summary>
    Continue,
}
