using System.Text.Json;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Cli.Developing;

/// <summary>The variables and functions that bash has where a derivation is built, as <c>EnvironmentScript</c> writes them down.</summary>
/// <param name="Variables">By name.</param>
/// <param name="Functions">What stands between the braces of each, by name.</param>
/// <param name="Attributes">The structured attributes, or null.</param>
internal sealed record DevelopmentEnvironment(
    SortedDictionary<string, ShellVariable> Variables, SortedDictionary<string, string> Functions, AttributeFiles? Attributes)
{
    private const string ScriptName = ".attrs.sh";
    private const string JsonName = ".attrs.json";

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidFormatException">It is none.</exception>
    public static DevelopmentEnvironment Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            var variables = new SortedDictionary<string, ShellVariable>(Utf8Order.Comparer);
            foreach (var variable in json.RootElement.GetProperty("variables").EnumerateObject())
            {
                if (ParseVariable(variable.Value) is { } value)
                {
                    variables[variable.Name] = value;
                }
            }

            return new(
                variables, Texts(json.RootElement.GetProperty("bashFunctions")),
                json.RootElement.TryGetProperty("structuredAttrs", out var attributes)
                    ? new(attributes.GetProperty(JsonName).GetString()!, attributes.GetProperty(ScriptName).GetString()!)
                    : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidFormatException("build environment", e.Message);
        }
    }

    /// <summary>Returns a text; empty when there is no such variable.</summary>
    public string Text(string name) => Variables.GetValueOrDefault(name) is ShellVariable.Text text ? text.Value : "";

    /// <summary>Lists the outputs by name, and where the build would put each.</summary>
    /// <exception cref="InvalidFormatException">They are not there.</exception>
    public IEnumerable<(string Name, string Path)> Outputs() => Variables.GetValueOrDefault("outputs") switch
    {
        ShellVariable.Table table => table.Items.Select(i => (i.Key, i.Value)),
        ShellVariable.Text text => text.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => (name, Text(name))),
        ShellVariable.List list => list.Items.Select(name => (name, Text(name))),
        _ => throw new InvalidFormatException("build environment", "the variable 'outputs' is missing"),
    };

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("bashFunctions");
        foreach (var (name, body) in Functions)
        {
            json.WriteString(name, body);
        }

        json.WriteEndObject();
        if (Attributes is not null)
        {
            json.WriteStartObject("structuredAttrs");
            json.WriteString(JsonName, Attributes.Json);
            json.WriteString(ScriptName, Attributes.Script);
            json.WriteEndObject();
        }

        json.WriteStartObject("variables");
        foreach (var (name, variable) in Variables)
        {
            json.WritePropertyName(name);
            variable.Write(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // What is of another type, such as a number, is bash's own.
    private static ShellVariable? ParseVariable(JsonElement variable) => variable.GetProperty("type").GetString() switch
    {
        "exported" => new ShellVariable.Text(variable.GetProperty("value").GetString()!, IsExported: true),
        "var" => new ShellVariable.Text(variable.GetProperty("value").GetString()!, IsExported: false),
        "array" => new ShellVariable.List([.. variable.GetProperty("value").EnumerateArray().Select(i => i.GetString()!)]),
        "associative" => new ShellVariable.Table(Texts(variable.GetProperty("value"))),
        _ => null,
    };

    private static SortedDictionary<string, string> Texts(JsonElement members)
    {
        var texts = new SortedDictionary<string, string>(Utf8Order.Comparer);
        foreach (var member in members.EnumerateObject())
        {
            texts[member.Name] = member.Value.GetString()!;
        }

        return texts;
    }
}

/// <summary>Structured attributes in the two forms in which builders find them.</summary>
internal sealed record AttributeFiles(string Json, string Script);

/// <summary>What a variable of bash holds.</summary>
internal abstract record ShellVariable
{
    private ShellVariable() { }

    internal sealed record Text(string Value, bool IsExported) : ShellVariable;

    internal sealed record List(IReadOnlyList<string> Items) : ShellVariable;

    internal sealed record Table(SortedDictionary<string, string> Items) : ShellVariable;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        switch (this)
        {
            case Text text:
                json.WriteString("type", text.IsExported ? "exported" : "var");
                json.WriteString("value", text.Value);
                break;
            case List list:
                json.WriteString("type", "array");
                json.WriteStartArray("value");
                foreach (var item in list.Items)
                {
                    json.WriteStringValue(item);
                }

                json.WriteEndArray();
                break;
            case Table table:
                json.WriteString("type", "associative");
                json.WriteStartObject("value");
                foreach (var (key, value) in table.Items)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
    }
}
