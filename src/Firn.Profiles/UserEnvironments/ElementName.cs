using System.Text.RegularExpressions;

namespace Firn.Profiles.UserEnvironments;

/// <summary>Finds a name for a package in a profile that nobody gave one.</summary>
internal static partial class ElementName
{
    /// <summary>Returns the name: of what stands in a flake its own, or that of the flake where that says nothing.</summary>
    public static string Of(ProfileElement element) => (element.Source is { } source ? OfInstallable(source.ToString()) : null) ?? element.Identifier;

    private static string? OfInstallable(string text)
    {
        var (url, fragment) = Split(text, '#');
        var (address, query) = Split(url, '?');
        if (query.Split('&').FirstOrDefault(p => p.StartsWith("dir=", StringComparison.Ordinal)) is { } folder)
        {
            return Uri.UnescapeDataString(folder["dir=".Length..]);
        }

        if (LastAttribute().Match(fragment) is { Success: true } attribute && attribute.Groups[1].Value != "defaultPackage." && attribute.Groups[2].Value != "default")
        {
            return attribute.Groups[2].Value;
        }

        var (scheme, place) = Split(address, ':');
        var path = !place.StartsWith("//", StringComparison.Ordinal) ? place : place.IndexOf('/', 2) is >= 0 and var slash ? place[slash..] : "";
        var repository = scheme is "github" or "gitlab" or "sourcehut" ? SecondSegment().Match(path) : Match.Empty;
        return repository.Success ? repository.Groups[1].Value
            : LastSegment().Match(path) is { Success: true } last ? last.Groups[1].Value
            : null;
    }

    private static (string Before, string After) Split(string text, char mark) =>
        text.IndexOf(mark) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, "");

    [GeneratedRegex(@"^((?:[a-zA-Z0-9_-]+\.)*)([a-zA-Z0-9_-]+)(\^.*)?\z")]
    private static partial Regex LastAttribute();

    [GeneratedRegex(@"^.*/([a-zA-Z0-9_-]+)\z")]
    private static partial Regex LastSegment();

    [GeneratedRegex(@"^[a-zA-Z0-9_-]+/([a-zA-Z0-9_-]+)(?:/.*)?\z")]
    private static partial Regex SecondSegment();
}
