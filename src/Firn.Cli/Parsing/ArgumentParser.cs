using Firn.Model.Diagnostics;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Parsing;

/// <summary>Reads a command line by a grammar.</summary>
internal static class ArgumentParser
{
    /// <summary>Applies options as they come, then the positional arguments.</summary>
    /// <exception cref="UsageException">Something on the line is not understood.</exception>
    public static void Parse(Grammar grammar, IEnumerable<string> arguments)
    {
        var waiting = new LinkedList<string>(arguments);
        var positions = new List<string>();
        while (waiting.First is { } node)
        {
            waiting.RemoveFirst();
            var argument = node.Value;
            if (argument == "--")
            {
                positions.AddRange(waiting);
                break;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                positions.Add(argument);
                if (grammar.StopsAtFirstPosition)
                {
                    positions.AddRange(waiting);
                    break;
                }
            }
            else if (argument[1] != '-' && argument.Length > 2 && char.IsAsciiLetter(argument[1]) && grammar.SplitsShortOptions)
            {
                foreach (var part in Split(argument).Reverse())
                {
                    waiting.AddFirst(part);
                }
            }
            else if (grammar.Find(argument) is { } option)
            {
                option.Apply(option.TakesRest ? [.. waiting] : TakeValues(argument, option.Labels.Length, waiting));
                if (option.TakesRest)
                {
                    break;
                }
            }
            else if (!TrySetting(grammar, argument, waiting) && !grammar.IgnoresUnknown)
            {
                throw Unknown(grammar, argument);
            }
        }

        grammar.TakePositions(positions);
    }

    /// <summary>Takes <c>-qlf</c> apart into <c>-q -l -f</c>, and <c>-j4</c> into <c>-j 4</c>.</summary>
    public static IEnumerable<string> Split(string argument)
    {
        yield return argument[..2];
        for (var i = 2; i < argument.Length; i++)
        {
            if (!char.IsAsciiLetter(argument[i]))
            {
                yield return argument[i..];
                yield break;
            }

            yield return "-" + argument[i];
        }
    }

    /// <summary>Every setting is an option: <c>--name value</c>, <c>--flag</c>, <c>--no-flag</c>, <c>--extra-list value</c>.</summary>
    private static bool TrySetting(Grammar grammar, string argument, LinkedList<string> waiting)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal))
        {
            return false;
        }

        var name = argument[2..];
        if (SettingCatalog.FindAssignable(name) is { } found)
        {
            grammar.ApplySetting(name, found.Setting.IsFlag ? "true" : TakeValues(argument, 1, waiting)[0]);
            return true;
        }

        if (name.StartsWith("no-", StringComparison.Ordinal) && SettingCatalog.Find(name[3..]) is { IsFlag: true })
        {
            grammar.ApplySetting(name[3..], "false");
            return true;
        }

        // The one setting with three values has two more flags.
        if (name == "relaxed-sandbox")
        {
            grammar.ApplySetting("sandbox", "relaxed");
            return true;
        }

        return false;
    }

    private static string[] TakeValues(string option, int count, LinkedList<string> waiting)
    {
        var values = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (waiting.First is not { } node)
            {
                throw new UsageException(count == 1
                    ? $"flag '{option}' requires 1 argument, but 0 were given"
                    : $"flag '{option}' requires {count} arguments, but only {i} were given");
            }

            values[i] = node.Value;
            waiting.RemoveFirst();
        }

        return values;
    }

    private static UsageException Unknown(Grammar grammar, string argument)
    {
        var known = argument.StartsWith("--", StringComparison.Ordinal)
            ? grammar.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).Concat(SettingCatalog.All.Select(s => s.Name)).Select(n => "--" + n)
            : [];
        return new UsageException($"{grammar.UnknownMessage} '{argument}'", Suggestion.Hints(argument, known));
    }
}
