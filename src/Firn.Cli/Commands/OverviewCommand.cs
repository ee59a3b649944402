using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix</c>, or <c>nix store</c>, without anything to do: lists the commands there are.</summary>
internal sealed class OverviewCommand(string words, string program) : Command
{
    public override string Summary => words switch
    {
        "" => "a tool for reproducible and declarative configuration management",
        "flake" => "manage Nix flakes",
        "formatter" => "build or run the formatter",
        "registry" => "manage the flake registry",
        _ => $"the commands that begin with '{program} {words}'",
    };

    public override string Details => string.Join("\n\n", CommandTable.All
        .Where(c => words.Length == 0 || c.Words.StartsWith(words + " ", StringComparison.Ordinal))
        .GroupBy(c => c.Category)
        .Select(g => $"{g.Key}:\n\n" + string.Join('\n', g.OrderBy(c => c.Words, StringComparer.Ordinal)
            .Select(c => $"  {program} {c.Words,-28} {c.Make().Summary}"))));

    public override void Declare(Grammar grammar) { }

    public override int Run(Session session, Output output) =>
        throw new UsageException(words.Length == 0 ? "no subcommand specified" : $"'{program} {words}' requires a sub-command.");
}
