using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Firn.Fetching.Inputs;
using Firn.Flakes.References;
using Firn.Model.Diagnostics;
using Firn.Model.Text.Json;

namespace Firn.Flakes.Registries;

/// <summary>Whose registry it is; those that come first win.</summary>
public enum RegistryKind
{
    /// <summary>What the command line says.</summary>
    Flag,

    User,

    System,

    Global,
}

/// <summary>What a name, or a whole reference, stands for.</summary>
/// <param name="From">The name.</param>
/// <param name="To">What it stands for.</param>
/// <param name="IsExact">Whether a branch or revision beside the name means that the entry does not apply.</param>
public sealed record RegistryEntry(InputAttributes From, FlakeReference To, bool IsExact = false);

/// <summary>A list of names for flakes.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="Entries">In order: the first that fits counts.</param>
public sealed record FlakeRegistry(RegistryKind Kind, ImmutableArray<RegistryEntry> Entries)
{
    private const int Version = 2;
    private const int Indentation = 2;

    /// <summary>Reads the JSON of a registry; one that cannot be read is warned of and has no entries.</summary>
    public static FlakeRegistry Read(RegistryKind kind, string text, string file, InputForms forms, IMessageLog log)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var version = document.RootElement.TryGetProperty("version", out var number) ? number.GetInt32() : 0;
            if (version != Version)
            {
                throw new FlakeException(FlakeErrors.BadRegistry, $"flake registry '{file}' has unsupported version {version}");
            }

            return new FlakeRegistry(kind, [.. document.RootElement.GetProperty("flakes").EnumerateArray().Select(entry => new RegistryEntry(
                forms.Parse(InputAttributes.ParseJson(entry.GetProperty("from").GetRawText())),
                FlakeReference.FromAttributes(InputAttributes.ParseJson(entry.GetProperty("to").GetRawText()), forms),
                entry.TryGetProperty("exact", out var exact) && exact.GetBoolean()))]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            log.Write(Verbosity.Warning, $"cannot parse flake registry '{file}': {e.Message}");
        }
        catch (FirnException e)
        {
            log.Write(Verbosity.Warning, $"cannot read flake registry '{file}': {e.Message}");
        }

        return new FlakeRegistry(kind, []);
    }

    /// <summary>Adds an entry, in the place of others of the same name.</summary>
    public FlakeRegistry With(InputAttributes from, FlakeReference to) => this with { Entries = Without(from).Entries.Add(new RegistryEntry(from, to)) };

    public FlakeRegistry Without(InputAttributes from) => this with { Entries = Entries.RemoveAll(e => e.From.Equals(from)) };

    /// <summary>Writes the JSON of the registry.</summary>
    public string ToJson()
    {
        var json = new JsonWriter(Indentation);
        json.StartObject();
        json.Key("flakes"u8);
        json.StartArray();
        foreach (var entry in Entries)
        {
            json.StartObject();
            if (entry.IsExact)
            {
                json.Key("exact"u8);
                json.Boolean(true);
            }

            json.Key("from"u8);
            entry.From.Write(json);
            json.Key("to"u8);
            entry.To.ToAttributes().Write(json);
            json.EndObject();
        }

        json.EndArray();
        json.Key("version"u8);
        json.Integer(Version);
        json.EndObject();
        return Encoding.UTF8.GetString(json.Written);
    }
}
