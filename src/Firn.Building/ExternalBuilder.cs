using System.Collections.Immutable;
using System.Text.Json;
using Firn.Model.Diagnostics;

namespace Firn.Building;

/// <summary>A program that builds for systems which this machine is not, in a way of its own: an emulator, a virtual machine.</summary>
/// <param name="Systems">For which.</param>
/// <param name="Program">Its path.</param>
/// <param name="Arguments">What comes before the file that tells it what to build.</param>
public sealed record ExternalBuilder(ImmutableArray<string> Systems, string Program, ImmutableArray<string> Arguments)
{
    /// <summary>Finds the first that the settings name for a system.</summary>
    /// <exception cref="UsageException">The setting is no list of builders.</exception>
    public static ExternalBuilder? Find(BuildSettings settings, string system) =>
        settings.ExternalBuilders == "[]" ? null : Parse(settings.ExternalBuilders).Find(b => b.Systems.Contains(system));

    private static List<ExternalBuilder> Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray().Select(b => new ExternalBuilder(
                Words(b.GetProperty("systems")), b.GetProperty("program").GetString()!,
                b.TryGetProperty("args", out var arguments) ? Words(arguments) : []))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UsageException($"setting 'external-builders' is no JSON list of objects with 'systems', 'program' and 'args': {e.Message}");
        }
    }

    private static ImmutableArray<string> Words(JsonElement list) => [.. list.EnumerateArray().Select(w => w.GetString()!)];
}
