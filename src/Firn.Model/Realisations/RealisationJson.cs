using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Model.Diagnostics;
using Firn.Model.Signing;
using Firn.Model.StorePaths;

namespace Firn.Model.Realisations;

/// <summary>The JSON of realisations, which caches hold, protocols carry and keys sign.</summary>
public static class RealisationJson
{
    /// <summary>Writes an object, its members sorted as C++ Nix has them.</summary>
    public static void Write(Utf8JsonWriter json, Realisation realisation) => Write(json, realisation, withSignatures: true);

    /// <summary>Reads an object.</summary>
    /// <exception cref="InvalidFormatException">It is none of a realisation.</exception>
    public static Realisation Read(JsonElement json)
    {
        try
        {
            var realisation = new Realisation(
                DrvOutput.Parse(json.GetProperty("id").GetString()!), StorePath.Parse(json.GetProperty("outPath").GetString()!));
            return json.TryGetProperty("signatures", out var signatures)
                ? realisation with
                {
                    Signatures = [.. signatures.EnumerateArray().Select(s => s.GetString() ?? throw Bad()).Order(StringComparer.Ordinal)],
                }
                : realisation;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or ArgumentNullException or NullReferenceException)
        {
            throw Bad();
        }
    }

    /// <summary>Returns what is signed.</summary>
    public static byte[] Fingerprint(Realisation realisation)
    {
        using var buffer = new MemoryStream();
        // The default encoder would write "+" as an escape, and that is not what others sign.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, realisation, withSignatures: false);
        }

        return buffer.ToArray();
    }

    /// <summary>Returns <paramref name="realisation"/> with the key's signature added.</summary>
    public static Realisation Sign(this SecretKey key, Realisation realisation) => realisation with
    {
        Signatures = [.. realisation.Signatures.Append(key.Sign(Fingerprint(realisation))).Distinct().Order(StringComparer.Ordinal)],
    };

    /// <summary>Tells whether a trusted key signed <paramref name="realisation"/>.</summary>
    public static bool IsSignedBy(this Realisation realisation, IEnumerable<PublicKey> trusted)
    {
        var text = Fingerprint(realisation);
        return trusted.Any(key => realisation.Signatures.Any(s => key.IsSignatureOf(text, s)));
    }

    private static InvalidFormatException Bad() => new("realisation", "it must be an object with 'id', 'outPath' and 'signatures'");

    private static void Write(Utf8JsonWriter json, Realisation realisation, bool withSignatures)
    {
        json.WriteStartObject();
        // Older versions had the realisations of inputs here, and still expect the member.
        json.WriteStartObject("dependentRealisations");
        json.WriteEndObject();
        json.WriteString("id", realisation.Id.ToString());
        json.WriteString("outPath", realisation.OutputPath.ToString());
        if (withSignatures)
        {
            json.WriteStartArray("signatures");
            foreach (var signature in realisation.Signatures)
            {
                json.WriteStringValue(signature);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
