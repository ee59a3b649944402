using Firn.Model.Diagnostics;
using Firn.Model.Settings;

namespace Firn.Sessions.Configuration;

/// <summary>Reads the text of <c>nix.conf</c> into assignments, following what it includes.</summary>
public static class ConfigurationText
{
    /// <summary>How deep files may include each other, so that a file that includes itself ends in an error.</summary>
    private const int MaxDepth = 32;

    /// <summary>Reads <paramref name="text"/>, which came from <paramref name="origin"/>; <paramref name="readFile"/> gives null for a file that is not there.</summary>
    public static IEnumerable<Assignment> Read(string text, string origin, bool isOverride, Func<string, string?> readFile) =>
        Read(text, origin, isOverride, readFile, 0);

    private static IEnumerable<Assignment> Read(
        string text, string origin, bool isOverride, Func<string, string?> readFile, int depth)
    {
        foreach (var whole in text.Split('\n'))
        {
            var line = whole.Contains('#') ? whole[..whole.IndexOf('#')] : whole;
            var words = SettingForm.Split(line);
            if (words.Length == 0)
            {
                continue;
            }

            if (words[0] is "include" or "!include")
            {
                if (words.Length != 2 || depth == MaxDepth)
                {
                    throw BadLine(line, origin);
                }

                var file = Path.GetFullPath(words[1], Path.GetDirectoryName(Path.GetFullPath(origin)) ?? "/");
                if (readFile(file) is { } included)
                {
                    foreach (var assignment in Read(included, file, isOverride, readFile, depth + 1))
                    {
                        yield return assignment;
                    }
                }
                else if (words[0] == "include")
                {
                    throw new UsageException(
                        $"file '{file}' included from '{origin}' not found", "'!include' accepts that a file is missing.");
                }
            }
            else
            {
                yield return words.Length >= 2 && words[1] == "="
                    ? new Assignment(words[0], string.Join(' ', words.Skip(2)), isOverride)
                    : throw BadLine(line, origin);
            }
        }
    }

    private static UsageException BadLine(string line, string origin) =>
        new($"syntax error in configuration line '{line}' in '{origin}'", "A line has the form 'name = value'.");
}
