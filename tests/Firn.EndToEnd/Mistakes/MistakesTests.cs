using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Firn.EndToEnd.Mistakes;

/// <summary>Small programs with a mistake each: the error's first place is the line to change, and its words say what is needed.</summary>
/// <remarks>
/// A file has cases one after the other: <c>=== NAME</c>, a line <c>FILE:LINE[,LINE…] "WORDS" …</c> (any of the lines, or <c>-</c> for no
/// place; all of the words, alternatives separated by |), then <c>--- FILE</c> and its text for each file; those of the case <c>*</c> belong
/// to every case. A line <c>$ COMMAND</c> before the places is run in the folder, in the place of an evaluation; with <c>git</c> before it,
/// the files are in a repository but for those called <c>untracked:FILE</c>. Files
/// called <c>*.nixpkgs.txt</c> need the functions of Nixpkgs: they are run when <c>FIRN_NIXPKGS</c> names a checkout.
/// </remarks>
public sealed partial class MistakesTests : IDisposable
{
    private readonly Machine _machine = new("sandbox = false", "experimental-features = nix-command flakes", "flake-registry = ");

    [GeneratedRegex("^ *at (?<file>/.*?):(?<line>[0-9]+)(:[0-9]+)?:?$", RegexOptions.Multiline)]
    private static partial Regex Place { get; }

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Words { get; }

    [GeneratedRegex("^ *[0-9]* │.*$", RegexOptions.Multiline)]
    private static partial Regex Excerpt { get; }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("expressions.txt")]
    [InlineData("syntax.txt")]
    [InlineData("commands.txt")]
    [InlineData("library.nixpkgs.txt")]
    [InlineData("modules.nixpkgs.txt")]
    public void Each_mistake_is_shown_where_it_was_made(string name)
    {
        var nixpkgs = Environment.GetEnvironmentVariable("FIRN_NIXPKGS");
        Assert.SkipWhen(nixpkgs is null && name.Contains("nixpkgs", StringComparison.Ordinal), "FIRN_NIXPKGS names no checkout");
        var cases = Read(Path.Combine(Here(), name));

        Assert.True(cases.Count > 10);
        Assert.Empty(cases.SelectMany(c => Check(c, nixpkgs)));
    }

    private IEnumerable<string> Check(Mistake mistake, string? nixpkgs)
    {
        var folder = $"{_machine.Home}/{mistake.Name}";
        foreach (var (file, text) in mistake.Files.Select(f => (f.Key.Replace("untracked:", "", StringComparison.Ordinal), f.Value)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName($"{folder}/{file}")!);
            File.WriteAllText($"{folder}/{file}", text);
        }

        if (mistake.IsRepository)
        {
            var untracked = mistake.Files.Keys.Where(f => f.StartsWith("untracked:", StringComparison.Ordinal)).Select(f => f["untracked:".Length..]);
            _machine.Shell($"cd {folder} && git init -q . && git add . && git rm -q --cached {string.Join(' ', untracked)}");
        }

        var failure = mistake.Command is { } command ? _machine.FailsInShell($"cd {folder} && exec {Machine.FirnCommands}/{command}") : _machine.Fails("nix-instantiate", ["--eval", "--strict", "-I", $"nixpkgs={nixpkgs ?? Directory.CreateDirectory($"{_machine.Home}/nixpkgs").FullName}", $"{folder}/default.nix"]);
        var first = Place.Match(failure.Errors);
        var found = first.Success ? $"{first.Groups["file"].Value}:{first.Groups["line"].Value}" : "no place";
        if (mistake.Places.Length > 0 && !mistake.Places.Select(p => $"{folder}/{p}").Contains(found))
        {
            yield return $"{mistake.Name}: {found} instead of {string.Join(" or ", mistake.Places)}\n{failure.Errors}";
        }

        // What the lines of the source say does not count.
        var said = Excerpt.Replace(failure.Errors, line => line.Value[(line.Value.IndexOf('│', StringComparison.Ordinal) + 1)..] is var rest
            && rest.TrimStart() is ['^' or '-', ..] ? rest : "");
        foreach (var words in mistake.Words.Where(w => !w.Split('|').Any(a => said.Contains(a, StringComparison.OrdinalIgnoreCase))))
        {
            yield return $"{mistake.Name}: lacks {words}\n{failure.Errors}";
        }
    }

    private static List<Mistake> Read(string file)
    {
        var common = new Dictionary<string, string>();
        var cases = new List<Mistake>();
        foreach (var text in ("\n" + File.ReadAllText(file)).Split("\n=== ").Skip(1))
        {
            var parts = text.Split("\n--- ");
            var head = parts[0].Split('\n');
            var files = parts.Skip(1).ToDictionary(p => p[..p.IndexOf('\n', StringComparison.Ordinal)], p => p[(p.IndexOf('\n', StringComparison.Ordinal) + 1)..] + "\n");
            if (head[0] == "*")
            {
                common = files;
                continue;
            }

            var place = head[^1].Split(' ')[0];
            var colon = place.LastIndexOf(':');
            cases.Add(new Mistake(
                head[0], head.Contains("git"), head.FirstOrDefault(l => l.StartsWith("$ ", StringComparison.Ordinal))?[2..],
                colon < 0 ? [] : [.. place[(colon + 1)..].Split(',').Select(line => $"{place[..colon]}:{line}")],
                [.. Words.Matches(head[^1]).Select(m => m.Groups[1].Value.Replace("\\\"", "\"", StringComparison.Ordinal))],
                common.Where(c => !files.ContainsKey(c.Key)).Concat(files).ToDictionary()));
        }

        return cases;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private sealed record Mistake(string Name, bool IsRepository, string? Command, string[] Places, string[] Words, Dictionary<string, string> Files);
}
