using System.Text;
using Firn.Cli.Commands;
using Firn.Cli.Parsing;

namespace Firn.Cli.Help;

/// <summary>Writes what <c>--help</c> shows, from what the command says of itself.</summary>
internal static class HelpText
{
    private const int Width = 80;

    public static string Of(string name, Command command, Grammar grammar)
    {
        var text = new StringBuilder();
        text.Append($"{name} - {command.Summary}\n\nUsage: {name} [option...] {string.Join(' ', grammar.Positions)}".TrimEnd()).Append('\n');
        if (command.Details.Length > 0)
        {
            text.Append('\n').Append(Wrap(command.Details, 0)).Append('\n');
        }

        if (command.Examples.Length > 0)
        {
            text.Append("\nExamples:\n");
            foreach (var line in command.Examples.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append("  ").Append(line).Append('\n');
            }
        }

        foreach (var group in grammar.Options.GroupBy(o => o.Category).OrderBy(g => g.Key.Length > 0))
        {
            text.Append($"\n{(group.Key.Length == 0 ? "Options" : group.Key)}:\n");
            foreach (var option in group)
            {
                AppendOption(text, option);
            }
        }

        return text.Append("\nEvery setting is an option too: '--cores 4', '--no-substitute'; 'nix config show' lists them.\n").ToString();
    }

    /// <summary>Breaks paragraphs into lines; what is indented stays as it is.</summary>
    public static string Wrap(string text, int indent)
    {
        var pad = new string(' ', indent);
        var result = new StringBuilder();
        foreach (var paragraph in text.Trim('\n').Split("\n\n"))
        {
            if (result.Length > 0)
            {
                result.Append("\n\n");
            }

            if (paragraph.StartsWith("  ", StringComparison.Ordinal))
            {
                result.Append(paragraph);
                continue;
            }

            var column = 0;
            foreach (var word in paragraph.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (column > 0 && column + 1 + word.Length > Width - indent)
                {
                    result.Append('\n');
                    column = 0;
                }

                result.Append(column == 0 ? pad : " ").Append(word);
                column += word.Length + (column == 0 ? 0 : 1);
            }
        }

        return result.ToString();
    }

    private static void AppendOption(StringBuilder text, Option option)
    {
        text.Append("  --").Append(option.Name);
        foreach (var alias in option.Aliases)
        {
            text.Append(" / --").Append(alias);
        }

        if (option.Short != '\0')
        {
            text.Append(" / -").Append(option.Short);
        }

        foreach (var label in option.Labels)
        {
            text.Append(" <").Append(label).Append('>');
        }

        text.Append('\n').Append(Wrap(option.Description, 6)).Append('\n');
    }
}
