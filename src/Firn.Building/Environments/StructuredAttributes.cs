using System.Globalization;
using System.Text;
using Firn.Model.Derivations;

namespace Firn.Building.Environments;

/// <summary>What a builder with structured attributes reads: <c>.attrs.json</c>, and <c>.attrs.sh</c> for bash.</summary>
internal static class StructuredAttributes
{
    /// <summary>Returns the attributes with the outputs' paths and the exported graphs put in.</summary>
    public static JsonValue.Members Prepare(
        JsonValue.Members attributes, Derivation derivation, IEnumerable<(string Name, JsonValue Value)> graphs) => JsonValue.Of(
            attributes.Items.Select(m => (m.Key, m.Value))
                .Append(("outputs", JsonValue.Of(derivation.Outputs.Select(
                    o => (o.Name, (JsonValue)new JsonValue.Text(Placeholder.OfOutput(o.Name).ToString()))))))
                .Concat(graphs));

    /// <summary>Writes declarations for bash of all attributes that bash can hold.</summary>
    public static string WriteShell(JsonValue.Members attributes)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in attributes.Items)
        {
            if (IsVariable(name))
            {
                text.Append(value switch
                {
                    JsonValue.List list => Words(list.Items.Select(Simple)) is { } words ? $"declare -a {name}=({words})\n" : "",
                    JsonValue.Members members => Words(members.Items.Select(
                        m => Simple(m.Value) is { } simple ? $"[{Quote(m.Key)}]={simple}" : null)) is { } words ? $"declare -A {name}=({words})\n" : "",
                    _ => Simple(value) is { } simple ? $"declare {name}={simple}\n" : "",
                });
            }
        }

        return text.ToString();
    }

    private static string? Words(IEnumerable<string?> items)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            if (item is null)
            {
                return null;
            }

            text.Append(item).Append(' ');
        }

        return text.ToString();
    }

    private static string? Simple(JsonValue value) => value switch
    {
        JsonValue.Text text => Quote(text.Value),
        JsonValue.Null => "''",
        JsonValue.Boolean boolean => boolean.Value ? "1" : "",
        // As a C int, to which upstream narrows every whole number.
        JsonValue.Integer integer => unchecked((int)integer.Value).ToString(CultureInfo.InvariantCulture),
        JsonValue.Large large => unchecked((int)large.Value).ToString(CultureInfo.InvariantCulture),
        JsonValue.Float number when Math.Ceiling((float)number.Value) == (float)number.Value =>
            ((int)number.Value).ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsVariable(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
