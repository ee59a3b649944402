using System.Collections.Immutable;
using System.Globalization;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Building.Remote;

/// <summary>Reads the machines that the setting <c>builders</c> and the file <c>/etc/nix/machines</c> name.</summary>
public static class MachineText
{
    private const int MaxDepth = 16;

    /// <summary>Reads all machines; <c>@file</c> stands for what is in the file, if there is one.</summary>
    /// <param name="text">Machines with newlines or semicolons between.</param>
    /// <param name="system">What a machine builds for when it does not say.</param>
    /// <param name="readFile">Reads a file; null when there is none.</param>
    /// <exception cref="UsageException">A line does not describe a machine.</exception>
    public static ImmutableArray<Machine> Parse(string text, string system, Func<string, string?> readFile) =>
        [.. Lines(text, readFile, 0).Select(line => ParseLine(line, system))];

    private static IEnumerable<string> Lines(string text, Func<string, string?> readFile, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new UsageException("the files of machines name each other in a circle");
        }

        foreach (var entry in text.Split('\n').SelectMany(line => line.Split('#')[0].Split(';')).Select(e => e.Trim()).Where(e => e.Length > 0))
        {
            if (entry[0] != '@')
            {
                yield return entry;
                continue;
            }

            foreach (var line in Lines(readFile(entry[1..].Trim()) ?? "", readFile, depth + 1))
            {
                yield return line;
            }
        }
    }

    private static Machine ParseLine(string line, string system)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string? Field(int index) => index < fields.Length && fields[index] != "-" ? fields[index] : null;
        ImmutableSortedSet<string> Words(int index) =>
            (Field(index)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? []).ToImmutableSortedSet(Utf8Order.Comparer);
        UsageException Bad(int index, string type) => new(
            $"bad machine specification: failed to convert column #{index} in a row: '{line}' to '{type}'",
            "A row is: store address, system types, ssh key, number of jobs, speed factor, features, mandatory features, host key; '-' leaves one out.");
        if (Field(0) is not { } uri)
        {
            throw new UsageException($"bad machine specification: store URL was not found at the first column of a row: '{line}'");
        }

        var jobs = 1;
        if (Field(3) is { } jobText && !int.TryParse(jobText, NumberStyles.None, CultureInfo.InvariantCulture, out jobs))
        {
            throw Bad(3, "unsigned int");
        }

        var speed = 1f;
        if (Field(4) is { } speedText && (!float.TryParse(speedText, NumberStyles.Float, CultureInfo.InvariantCulture, out speed) || !float.IsFinite(speed)))
        {
            throw Bad(4, "float");
        }

        if (speed < 0)
        {
            throw new UsageException("speed factor must be >= 0");
        }

        var systems = Words(1);
        return new Machine
        {
            Uri = Address(uri),
            Systems = systems.IsEmpty ? [system] : systems,
            KeyFile = Field(2) ?? "",
            MaxJobs = jobs,
            SpeedFactor = speed == 0 ? 1 : speed,
            SupportedFeatures = Words(5),
            MandatoryFeatures = Words(6),
            HostKey = Field(7) ?? "",
        };
    }

    // A host alone has long meant one that ssh leads to.
    private static string Address(string text) =>
        text.Contains('/') || text is "auto" or "daemon" or "local"
            || text.StartsWith("auto?", StringComparison.Ordinal) || text.StartsWith("daemon?", StringComparison.Ordinal)
            || text.StartsWith("local?", StringComparison.Ordinal) || text.StartsWith('?')
            ? text
            : "ssh://" + text;
}
