using Firn.Cli.Parsing;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Completing;

/// <summary>The word at the cursor: what it is there, going by what stands around it.</summary>
internal abstract record CompletedWord
{
    private CompletedWord() { }

    /// <summary>An option's name.</summary>
    public sealed record OptionName : CompletedWord;

    /// <summary>An argument, and what the help calls it.</summary>
    public sealed record Argument(Option Option, string Label) : CompletedWord;

    /// <summary>A positional argument, and what the help calls it.</summary>
    public sealed record Position(string Label) : CompletedWord;

    /// <summary>Nothing of which something is known.</summary>
    public sealed record Unknown : CompletedWord;

    /// <summary>Reads the line behind the command's words; options that are all there are applied as they would be.</summary>
    /// <param name="grammar">What the command understands.</param>
    /// <param name="arguments">The line.</param>
    /// <param name="cursor">Which of them is at the cursor.</param>
    /// <param name="apply">Takes each option and its arguments.</param>
    /// <param name="positions">Takes the positional arguments but the one at the cursor.</param>
    public static CompletedWord Read(
        Grammar grammar, IReadOnlyList<string> arguments, int cursor, Action<string, string[]> apply, List<string> positions)
    {
        CompletedWord? found = null;
        var position = 0;
        var takesOptions = true;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!takesOptions || argument.Length < (i == cursor ? 1 : 2) || argument[0] != '-')
            {
                var label = grammar.LabelAt(position++);
                if (i == cursor)
                {
                    found = label is null ? new Unknown() : new Position(label);
                }
                else
                {
                    positions.Add(argument);
                }

                takesOptions &= !grammar.StopsAtFirstPosition;
            }
            else if (i == cursor)
            {
                found = new OptionName();
            }
            else if (argument == "--")
            {
                takesOptions = false;
            }
            else
            {
                var option = grammar.Find(argument);
                var count = option?.Labels.Length ?? ValuesOfSetting(argument);
                if (cursor > i && cursor <= i + count)
                {
                    found = option is null ? new Unknown() : new Argument(option, option.Labels[cursor - i - 1]);
                }
                else if (i + count < arguments.Count)
                {
                    apply(argument, [.. arguments.Skip(i + 1).Take(count)]);
                }

                i += count;
            }
        }

        return found ?? new Unknown();
    }

    private static int ValuesOfSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && SettingCatalog.FindAssignable(argument[2..]) is { Setting.IsFlag: false } ? 1 : 0;
}
