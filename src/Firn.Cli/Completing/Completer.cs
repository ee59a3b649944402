using Firn.Cli.Commands;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Completing;

/// <summary>Answers shells that ask, by <c>NIX_GET_COMPLETIONS</c>, what may stand where the cursor is.</summary>
/// <param name="arguments">The line without the program's name.</param>
/// <param name="cursor">Which of them is at the cursor.</param>
/// <param name="open">Reads the configuration, once something has to be evaluated.</param>
internal sealed class Completer(IReadOnlyList<string> arguments, int cursor, Func<CommonOptions, Session> open)
{
    private readonly CommonOptions _options = new() { Verbosity = Verbosity.Error };
    private readonly Completions _completions = new();

    private string Prefix => arguments[cursor];

    public Completions Complete()
    {
        if (FindCommand() is var (command, words, from))
        {
            CompleteArgument(command, words, [.. arguments.Skip(from)], cursor - from);
        }

        return _completions;
    }

    /// <summary>Returns the command, its words, and where its arguments start; null where it is what is completed.</summary>
    private (Command Command, string Words, int From)? FindCommand()
    {
        var words = "";
        var grammar = Common();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].StartsWith('-') && i != cursor)
            {
                i += grammar.Find(arguments[i])?.Labels.Length ?? 0;
                continue;
            }

            if (i == cursor)
            {
                if (Prefix.StartsWith('-'))
                {
                    AddOptions(grammar);
                }
                else
                {
                    var start = words.Length == 0 ? "" : words + " ";
                    _completions.AddMatching(Prefix, CommandTable.Words
                        .Where(w => w.StartsWith(start, StringComparison.Ordinal)).Select(w => w[start.Length..].Split(' ')[0]));
                }

                return null;
            }

            words = words.Length == 0 ? arguments[i] : $"{words} {arguments[i]}";
            if (CommandTable.FindByWords(words) is { } command)
            {
                return (command, words, i + 1);
            }
        }

        return null;
    }

    private void CompleteArgument(Command command, string words, string[] rest, int at)
    {
        var grammar = Common();
        command.SetDefaults(_options);
        command.Declare(grammar);

        // What is evaluated to complete names of attributes and inputs, and how.
        var given = new InstallableOptions { Attributes = AttributesOf(words) };
        var own = new Grammar { ApplySetting = _options.Set };
        given.Declare(own);
        given.Flakes.Set(o => o with { Writes = false });
        var positions = new List<string>();
        string? flake = null;
        var word = CompletedWord.Read(grammar, rest, at, (name, values) =>
        {
            flake = name == "--flake" ? values[0] : flake;
            var option = own.Find(name) ?? grammar.Find(name);
            if (option is not null)
            {
                option.Apply(values);
            }
            else if (SettingCatalog.FindAssignable(name[2..]) is { } setting)
            {
                _options.Set(name[2..], setting.Setting.IsFlag ? "true" : values[0]);
            }
        }, positions);

        switch (word)
        {
            case CompletedWord.OptionName:
                AddOptions(grammar);
                break;
            case CompletedWord.Argument { Option.Name: "option", Label: "name" }:
                _completions.AddMatching(Prefix, SettingCatalog.All.Select(s => s.Name));
                break;
            case CompletedWord.Argument argument:
                CompleteLabel(argument.Label, given, flake, positions);
                break;
            case CompletedWord.Position position:
                // A flake's inputs are positions themselves: none of them names the flake.
                CompleteLabel(position.Label, given, flake, position.Label == "inputs" ? [] : positions);
                break;
        }
    }

    // What an argument is called in the help says what it is.
    private void CompleteLabel(string label, InstallableOptions given, string? flake, IReadOnlyList<string> positions)
    {
        switch (label)
        {
            case "path" or "paths" or "file" or "files" or "args" or "nar" or "dest-dir" or "outputs-dir" or "flake-lock-path" or "file.svg":
                _completions.AddFiles(Prefix, onlyFolders: false);
                break;
            case "flake-url" or "flake-refs" or "original-ref" or "resolved-ref" or "from-url" or "to-url":
                Evaluate(given, c => c.AddFlakes(Prefix));
                break;
            case "input-path" or "inputs":
                List<string> flakes = flake is not null ? [flake] : positions.Count > 0 ? [.. positions] : ["."];
                Evaluate(given, c => c.AddInputs(Prefix, flakes));
                break;
            case "installable" or "installables" or "package" or "dependency" or "before" or "after":
                Evaluate(given, c => c.AddInstallables(Prefix));
                break;
        }
    }

    // Who is still typing has no use for what is wrong with what he has typed.
    private void Evaluate(InstallableOptions given, Action<ValueCompletion> complete)
    {
        try
        {
            using var session = open(_options);
            complete(new ValueCompletion(session, given, _completions));
        }
        catch (FirnException)
        {
        }
    }

    private void AddOptions(Grammar grammar)
    {
        foreach (var option in grammar.Options)
        {
            foreach (var name in option.Aliases.Prepend(option.Name).Select(n => "--" + n).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
            {
                _completions.Add(name, option.Description);
            }

            if (Prefix == "-" && option.Short != '\0')
            {
                _completions.Add($"-{option.Short}", option.Description);
            }
        }
    }

    private Grammar Common()
    {
        var grammar = new Grammar();
        _options.Declare(grammar);
        _options.DeclareNew(grammar);
        return grammar;
    }

    private static FlakeAttributes AttributesOf(string words) => words switch
    {
        "run" => FlakeAttributes.Apps,
        "develop" or "print-dev-env" => FlakeAttributes.Shells,
        _ => FlakeAttributes.Packages,
    };
}
