using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Profiles.Packages;

namespace Firn.Profiles.UserEnvironments;

/// <summary>What <c>nix profile</c> remembers of a profile, in its <c>manifest.json</c>.</summary>
public sealed record ProfileManifest(ImmutableArray<ProfileElement> Elements)
{
    public static ProfileManifest Empty { get; } = new([]);

    /// <summary>Returns the element of a name, or null.</summary>
    public ProfileElement? Find(string name) => Elements.FirstOrDefault(e => e.Name == name);

    /// <summary>Returns the manifest with another element; a number is added to a name that is taken.</summary>
    public ProfileManifest Add(ProfileElement element)
    {
        var wanted = element.Name ?? ElementName.Of(element);
        var name = wanted;
        for (var i = 1; Find(name) is not null; i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{i}");
        }

        return new ProfileManifest([.. Elements.Append(element with { Name = name }).OrderBy(e => e.Name!, Utf8Order.Comparer)]);
    }

    /// <summary>Returns the manifest in which an element has taken the place of the one of the same name.</summary>
    public ProfileManifest Replace(ProfileElement element) => new([.. Elements.Select(e => e.Name == element.Name ? element : e)]);

    /// <summary>Returns the manifest without some elements.</summary>
    public ProfileManifest Without(IReadOnlySet<string> names) => new([.. Elements.Where(e => !names.Contains(e.Name!))]);
}

/// <summary>One package in a profile of <c>nix profile</c>.</summary>
public sealed record ProfileElement
{
    public const int DefaultPriority = 5;

    /// <summary>The name by which it is upgraded and removed; null in manifests before version 3, which had none.</summary>
    public required string? Name { get; init; }

    /// <summary>Sorted.</summary>
    public required ImmutableArray<StorePath> StorePaths { get; init; }

    /// <summary>Where it came from, or null when it was installed by its store path.</summary>
    public ProfileElementSource? Source { get; init; }

    public bool IsActive { get; init; } = true;

    /// <summary>Lower numbers win over higher ones where files collide.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>What it is, for a person: where it came from, or the names of its objects.</summary>
    public string Identifier => Source?.ToString()
        ?? string.Join(", ", StorePaths.Select(p => PackageName.Parse(p.Name).Name).Where(n => n.Length > 0).Distinct().Order(Utf8Order.Comparer));

    /// <summary>The versions of its objects, for a person.</summary>
    public string Versions => StorePaths.IsEmpty ? "∅" : string.Join(
        ", ", StorePaths.Select(p => PackageName.Parse(p.Name).Version).Distinct().Order(Utf8Order.Comparer).Select(v => v.Length == 0 ? "ε" : v));
}

/// <summary>The flake output that a package in a profile was installed from.</summary>
/// <param name="OriginalUrl">The flake reference as it was given.</param>
/// <param name="LockedUrl">The reference to exactly what was installed.</param>
/// <param name="AttributePath">Where in the flake's outputs.</param>
/// <param name="Outputs">The outputs by name, <c>*</c> for all, or null for those that are installed by default.</param>
public sealed record ProfileElementSource(string OriginalUrl, string LockedUrl, string AttributePath, ImmutableArray<string>? Outputs)
{
    /// <summary>The outputs as they are written behind an attribute.</summary>
    public string OutputsText => Outputs is { } outputs ? $"^{string.Join(',', outputs)}" : "";

    /// <summary>Writes it as an installable.</summary>
    public override string ToString() => $"{OriginalUrl}#{AttributePath}{OutputsText}";
}

/// <summary>Reads versions 1 to 3 of <c>manifest.json</c> and writes version 3.</summary>
public static class ManifestJson
{
    private const int WrittenVersion = 3;

    private static readonly JsonWriterOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ProfileException">It is damaged or of a version that came later.</exception>
    public static ProfileManifest Read(ReadOnlyMemory<byte> json, string file, StoreDirectory directory)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var version = document.RootElement.TryGetProperty("version", out var number) ? number.GetInt32() : 0;
            var (url, originalUrl) = version switch
            {
                1 => ("uri", "originalUri"),
                2 or 3 => ("url", "originalUrl"),
                _ => throw new ProfileException(ProfileErrors.BadManifest,
                    string.Create(CultureInfo.InvariantCulture, $"profile manifest '{file}' has unsupported version {version}")),
            };
            var elements = document.RootElement.GetProperty("elements");
            return new ProfileManifest(elements.ValueKind == JsonValueKind.Object
                ? [.. elements.EnumerateObject().Select(e => ReadElement(e.Name, e.Value, url, originalUrl, directory))]
                : [.. elements.EnumerateArray().Select(e => ReadElement(null, e, url, originalUrl, directory))]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ProfileException(ProfileErrors.BadManifest, $"profile manifest '{file}' is damaged: {e.Message}");
        }
    }

    /// <summary>Writes a manifest, whose elements must have names.</summary>
    public static byte[] Write(ProfileManifest manifest, StoreDirectory directory)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, _compact))
        {
            json.WriteStartObject();
            json.WriteStartObject("elements");
            foreach (var element in manifest.Elements.OrderBy(e => e.Name!, Utf8Order.Comparer))
            {
                json.WriteStartObject(element.Name!);
                WriteElement(json, element, directory);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteNumber("version", WrittenVersion);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static ProfileElement ReadElement(string? name, JsonElement element, string url, string originalUrl, StoreDirectory directory) => new()
    {
        Name = name,
        StorePaths = [.. element.GetProperty("storePaths").EnumerateArray().Select(p => directory.Parse(p.GetString()!)).Order()],
        IsActive = element.GetProperty("active").GetBoolean(),
        Priority = element.TryGetProperty("priority", out var priority) ? priority.GetInt32() : ProfileElement.DefaultPriority,
        Source = element.TryGetProperty(url, out var locked) && locked.ValueKind == JsonValueKind.String && locked.GetString() is { Length: > 0 } lockedUrl
            ? new ProfileElementSource(
                element.GetProperty(originalUrl).GetString()!, lockedUrl, element.GetProperty("attrPath").GetString()!, ReadOutputs(element))
            : null,
    };

    private static ImmutableArray<string>? ReadOutputs(JsonElement element) =>
        element.TryGetProperty("outputs", out var outputs) && outputs.ValueKind == JsonValueKind.Array
            ? [.. outputs.EnumerateArray().Select(o => o.GetString()!)]
            : null;

    private static void WriteElement(Utf8JsonWriter json, ProfileElement element, StoreDirectory directory)
    {
        json.WriteBoolean("active", element.IsActive);
        if (element.Source is { } source)
        {
            json.WriteString("attrPath", source.AttributePath);
            json.WriteString("originalUrl", source.OriginalUrl);
            if (source.Outputs is { } outputs)
            {
                json.WriteStartArray("outputs");
                foreach (var output in outputs)
                {
                    json.WriteStringValue(output);
                }

                json.WriteEndArray();
            }
            else
            {
                json.WriteNull("outputs");
            }
        }

        json.WriteNumber("priority", element.Priority);
        json.WriteStartArray("storePaths");
        foreach (var path in element.StorePaths)
        {
            json.WriteStringValue(directory.Absolute(path));
        }

        json.WriteEndArray();
        if (element.Source is { } written)
        {
            json.WriteString("url", written.LockedUrl);
        }
    }
}
