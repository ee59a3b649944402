using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Building.Environments;

/// <summary>A JSON value that is written byte for byte as upstream writes it: no blanks, members sorted by their bytes.</summary>
internal abstract record JsonValue
{
    private const int MaxDepth = 256;

    private JsonValue() { }

    internal sealed record Null : JsonValue;

    internal sealed record Boolean(bool Value) : JsonValue;

    internal sealed record Integer(long Value) : JsonValue;

    internal sealed record Large(ulong Value) : JsonValue;

    internal sealed record Float(double Value) : JsonValue;

    internal sealed record Text(string Value) : JsonValue;

    internal sealed record List(IReadOnlyList<JsonValue> Items) : JsonValue;

    internal sealed record Members(SortedDictionary<string, JsonValue> Items) : JsonValue
    {
        /// <summary>Returns a member, or null.</summary>
        public JsonValue? Find(string name) => Items.GetValueOrDefault(name);
    }

    /// <summary>Makes an object of members, the last of equal names winning.</summary>
    public static Members Of(params IEnumerable<(string Name, JsonValue Value)> members)
    {
        var items = new SortedDictionary<string, JsonValue>(Utf8Order.Comparer);
        foreach (var (name, value) in members)
        {
            items[name] = value;
        }

        return new Members(items);
    }

    /// <summary>Reads one value.</summary>
    /// <exception cref="InvalidFormatException">It is not JSON.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            return Read(ref reader);
        }
        catch (JsonException e)
        {
            throw new InvalidFormatException("JSON", e.Message);
        }
    }

    public string Write()
    {
        var text = new StringBuilder();
        Write(text, this);
        return text.ToString();
    }

    private static JsonValue Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new SortedDictionary<string, JsonValue>(Utf8Order.Comparer);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members[name] = Read(ref reader);
                }

                return new Members(members);
            case JsonTokenType.StartArray:
                var items = new List<JsonValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader));
                }

                return new List(items);
            case JsonTokenType.String:
                return new Text(reader.GetString()!);
            case JsonTokenType.Number:
                return ReadNumber(ref reader);
            case JsonTokenType.True or JsonTokenType.False:
                return new Boolean(reader.TokenType == JsonTokenType.True);
            default:
                return new Null();
        }
    }

    private static JsonValue ReadNumber(ref Utf8JsonReader reader)
    {
        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        if (text.IndexOfAny("eE."u8) < 0)
        {
            if (reader.TryGetInt64(out var integer))
            {
                return new Integer(integer);
            }

            if (reader.TryGetUInt64(out var large))
            {
                return new Large(large);
            }
        }

        return new Float(reader.GetDouble());
    }

    private static void Write(StringBuilder text, JsonValue value)
    {
        switch (value)
        {
            case Boolean boolean:
                text.Append(boolean.Value ? "true" : "false");
                break;
            case Integer integer:
                text.Append(CultureInfo.InvariantCulture, $"{integer.Value}");
                break;
            case Large large:
                text.Append(CultureInfo.InvariantCulture, $"{large.Value}");
                break;
            case Float number:
                text.Append(FloatText.Json(number.Value));
                break;
            case Text quoted:
                Quote(text, quoted.Value);
                break;
            case List list:
                text.Append('[');
                for (var i = 0; i < list.Items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    Write(text, list.Items[i]);
                }

                text.Append(']');
                break;
            case Members members:
                text.Append('{');
                var separator = "";
                foreach (var (name, item) in members.Items)
                {
                    text.Append(separator);
                    separator = ",";
                    Quote(text, name);
                    text.Append(':');
                    Write(text, item);
                }

                text.Append('}');
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
