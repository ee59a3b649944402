using System.Text.Json;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.Text;

namespace Firn.Model.Derivations;

/// <summary>Writes a derivation as JSON, version 4: what <c>nix derivation show</c> prints.</summary>
public static class DerivationJson
{
    public const int Version = 4;

    private static readonly byte[] _structured = "__json"u8.ToArray();

    public static void Write(Utf8JsonWriter json, Derivation derivation)
    {
        json.WriteStartObject();
        json.WriteStartArray("args");
        foreach (var argument in derivation.Arguments)
        {
            json.WriteStringValue(argument.Span);
        }

        json.WriteEndArray();
        json.WriteString("builder", derivation.Builder.Span);
        json.WriteStartObject("env");
        foreach (var (name, value) in derivation.Environment)
        {
            if (!name.Span.SequenceEqual(_structured))
            {
                json.WriteString(name.Span, value.Span);
            }
        }

        json.WriteEndObject();
        json.WriteStartObject("inputs");
        json.WriteStartObject("drvs");
        foreach (var input in derivation.InputDerivations)
        {
            json.WritePropertyName(input.Path.ToString());
            Write(json, input.Outputs);
        }

        json.WriteEndObject();
        json.WriteStartArray("srcs");
        foreach (var source in derivation.InputSources)
        {
            json.WriteStringValue(source.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("name", derivation.Name);
        json.WriteStartObject("outputs");
        foreach (var (name, output) in derivation.Outputs)
        {
            json.WriteStartObject(name);
            Write(json, output);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (derivation.StructuredAttributes is { } attributes)
        {
            json.WritePropertyName("structuredAttrs");
            using var parsed = JsonDocument.Parse(attributes.Bytes);
            WriteSorted(json, parsed.RootElement);
        }

        json.WriteString("system", derivation.Platform.Span);
        json.WriteNumber("version", Version);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, WantedOutputs wanted)
    {
        json.WriteStartObject();
        json.WriteStartObject("dynamicOutputs");
        foreach (var (output, outputs) in wanted.Dynamic)
        {
            json.WritePropertyName(output);
            Write(json, outputs);
        }

        json.WriteEndObject();
        json.WriteStartArray("outputs");
        foreach (var name in wanted.Names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DerivationOutput output)
    {
        switch (output)
        {
            case DerivationOutput.InputAddressed known:
                json.WriteString("path", known.Path.ToString());
                break;
            case DerivationOutput.FixedContent(var address):
                json.WriteString("hash", address.Hash.ToString(HashFormat.Sri));
                json.WriteString("method", address.Method.Name());
                break;
            case DerivationOutput.FloatingContent(var method, var algorithm):
                json.WriteString("hashAlgo", algorithm.Name());
                json.WriteString("method", method.Name());
                break;
            case DerivationOutput.Impure(var method, var algorithm):
                json.WriteString("hashAlgo", algorithm.Name());
                json.WriteBoolean("impure", true);
                json.WriteString("method", method.Name());
                break;
        }
    }

    private static void WriteSorted(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, Utf8Order.Comparer))
                {
                    json.WritePropertyName(member.Name);
                    WriteSorted(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteSorted(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
