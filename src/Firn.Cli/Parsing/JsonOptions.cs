using Firn.Cli.Rendering;

namespace Firn.Cli.Parsing;

/// <summary>The options of commands that can print JSON.</summary>
internal sealed class JsonOptions
{
    private bool? _pretty;

    public bool IsWanted { get; private set; }

    /// <summary>Whether it is written for a person: over several lines.</summary>
    public bool IsPretty => _pretty ?? Terminal.IsOutputTerminal;

    public void Declare(Grammar grammar) => grammar
        .Flag("json", "Produce output in JSON format, suitable for consumption by another program.", () => IsWanted = true)
        .Flag("pretty", "Print multi-line, indented JSON output for readability.", () => _pretty = true)
        .Flag("no-pretty", "Print compact JSON output on a single line, even when the output is a terminal.", () => _pretty = false);
}
