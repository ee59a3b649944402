using System.Text.Json;
using Firn.Cli.Commands;
using Firn.Cli.Parsing;

namespace Firn.Cli.Help;

/// <summary>All commands with their options as JSON, as <c>nix __dump-cli</c> gives it to programs that write documentation.</summary>
internal static class CommandDump
{
    public const string Name = "__dump-cli";

    public static void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("args");
        var common = new Grammar();
        DeclareCommon(common);
        WriteGrammar(json, common);
        WriteCommands(json, "");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the commands that begin with these words, each with those below it.</summary>
    private static void WriteCommands(Utf8JsonWriter json, string start)
    {
        json.WriteStartObject("commands");
        foreach (var group in CommandTable.All.Where(c => c.Words.StartsWith(start, StringComparison.Ordinal))
            .GroupBy(c => c.Words[start.Length..].Split(' ')[0]).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var words = start + group.Key;
            json.WriteStartObject(group.Key);
            if (group.FirstOrDefault(c => c.Words == words) is { Make: { } make } own)
            {
                var command = make();
                json.WriteString("description", command.Summary);
                json.WriteStartObject("category");
                json.WriteString("description", own.Category);
                json.WriteEndObject();
                WriteText(json, "doc", command.Details);
                WriteText(json, "examples", command.Examples);
                var grammar = new Grammar();
                command.SetDefaults(new CommonOptions());
                command.Declare(grammar);
                WriteGrammar(json, grammar);
            }
            else
            {
                json.WriteString("description", new OverviewCommand(words, "nix").Summary);
                WriteCommands(json, words + " ");
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteGrammar(Utf8JsonWriter json, Grammar grammar)
    {
        json.WriteStartObject("flags");
        foreach (var option in grammar.Options)
        {
            json.WriteStartObject(option.Name);
            json.WriteStartArray("aliases");
            foreach (var alias in option.Aliases)
            {
                json.WriteStringValue(alias);
            }

            json.WriteEndArray();
            json.WriteString("category", option.Category);
            json.WriteString("description", option.Description);
            json.WriteStartArray("labels");
            foreach (var label in option.Labels)
            {
                json.WriteStringValue(label);
            }

            json.WriteEndArray();
            WriteText(json, "shortName", option.Short == '\0' ? "" : $"{option.Short}");
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("args");
        foreach (var (label, isOptional) in grammar.Labels)
        {
            json.WriteStartObject();
            json.WriteString("label", label);
            json.WriteBoolean("optional", isOptional);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(name, text);
        }
    }

    private static void DeclareCommon(Grammar grammar)
    {
        var options = new CommonOptions();
        options.Declare(grammar);
        options.DeclareNew(grammar);
    }
}
