using System.Collections.Immutable;
using System.Text.Json;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Model.Derivations;

/// <summary>Reads the JSON that <see cref="DerivationJson"/> writes.</summary>
public static class DerivationJsonReader
{
    // As deep as outputs of outputs of derivations can sensibly go.
    private const int MaxDepth = 64;

    /// <summary>Reads a derivation; what the paths of its outputs have to be is the reader's to check.</summary>
    /// <exception cref="InvalidFormatException">It is none.</exception>
    public static Derivation Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidFormatException("derivation in JSON", e.Message);
        }
    }

    private static Derivation Read(JsonElement json)
    {
        if (json.GetProperty("version").GetInt32() is var version && version != DerivationJson.Version)
        {
            throw new InvalidFormatException("derivation in JSON", $"only version {DerivationJson.Version} is understood, this is version {version}");
        }

        var inputs = json.GetProperty("inputs");
        var variables = json.GetProperty("env").EnumerateObject().Select(v => new EnvironmentVariable(ByteString.Of(v.Name), Text(v.Value)));
        if (json.TryGetProperty("structuredAttrs", out var attributes))
        {
            variables = variables.Append(new EnvironmentVariable(ByteString.Of("__json"), Compact(attributes)));
        }

        return new Derivation
        {
            Name = String(json.GetProperty("name")),
            Outputs = [.. json.GetProperty("outputs").EnumerateObject().Select(o => new NamedOutput(o.Name, Output(o.Value))).OrderBy(o => o.Name, Utf8Order.Comparer)],
            InputDerivations = [.. inputs.GetProperty("drvs").EnumerateObject()
                .Select(d => new InputDerivation(StorePath.Parse(d.Name), Wanted(d.Value))).OrderBy(d => d.Path)],
            InputSources = [.. inputs.GetProperty("srcs").EnumerateArray().Select(s => StorePath.Parse(String(s))).Distinct().Order()],
            Platform = Text(json.GetProperty("system")),
            Builder = Text(json.GetProperty("builder")),
            Arguments = [.. json.GetProperty("args").EnumerateArray().Select(Text)],
            Environment = [.. variables.OrderBy(v => v.Name)],
        };
    }

    private static ByteString Text(JsonElement json) => ByteString.Of(String(json));

    private static string String(JsonElement json) => json.GetString() ?? throw new InvalidOperationException("a string must stand there");

    private static WantedOutputs Wanted(JsonElement json) => new(
        [.. json.GetProperty("outputs").EnumerateArray().Select(o => String(o)).Distinct().Order(Utf8Order.Comparer)],
        json.TryGetProperty("dynamicOutputs", out var outputs)
            ? [.. outputs.EnumerateObject().Select(o => new DynamicOutputs(o.Name, Wanted(o.Value))).OrderBy(o => o.Output, Utf8Order.Comparer)]
            : ImmutableArray<DynamicOutputs>.Empty);

    private static DerivationOutput Output(JsonElement json)
    {
        if (json.TryGetProperty("path", out var path))
        {
            return new DerivationOutput.InputAddressed(StorePath.Parse(String(path)));
        }

        if (!json.TryGetProperty("method", out var way))
        {
            return new DerivationOutput.Deferred();
        }

        var method = ContentAddressMethods.Find(String(way))
            ?? throw new InvalidOperationException($"'{way.GetString()}' is no way to address content");
        if (json.TryGetProperty("hash", out var hash))
        {
            return new DerivationOutput.FixedContent(new ContentAddress(method, Hash.Parse(String(hash))));
        }

        var algorithm = HashAlgorithms.Find(json.GetProperty("hashAlgo").GetString())
            ?? throw new InvalidOperationException($"'{json.GetProperty("hashAlgo").GetString()}' is no hash function");
        return json.TryGetProperty("impure", out var impure) && impure.GetBoolean()
            ? new DerivationOutput.Impure(method, algorithm)
            : new DerivationOutput.FloatingContent(method, algorithm);
    }

    private static ByteString Compact(JsonElement json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteTo(writer);
        }

        return new ByteString(buffer.ToArray());
    }
}
