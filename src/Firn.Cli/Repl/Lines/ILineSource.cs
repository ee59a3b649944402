namespace Firn.Cli.Repl.Lines;

/// <summary>Where the lines come from that somebody types.</summary>
internal interface ILineSource
{
    /// <summary>Shows the prompt and returns the next line.</summary>
    LineRead Read(string prompt);
}

/// <summary>What came of reading a line.</summary>
internal abstract record LineRead
{
    private LineRead() { }

    /// <summary>A line, without its end.</summary>
    public sealed record Line(string Text) : LineRead;

    /// <summary>The user pressed Ctrl-C: what was typed so far is not meant.</summary>
    public sealed record Dropped : LineRead;

    /// <summary>There are no more lines.</summary>
    public sealed record End : LineRead;
}
