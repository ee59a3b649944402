using System.Text.RegularExpressions;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Cli.Rendering;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Sessions;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store diff-closures</c>: tells which packages and versions two closures differ in.</summary>
internal sealed partial class DiffClosuresCommand : Command
{
    /// <summary>A change of size below this is not worth a line.</summary>
    private const long SmallestChange = 8 * 1024;

    private readonly InstallableOptions _installables = new();
    private string _before = "";
    private string _after = "";
    private bool _derivations;

    public override string Summary => "show what packages and versions were added and removed between two closures";

    public override string Examples => """
        # What the last upgrade of the profile changed:
        $ nix store diff-closures ~/.nix-profile-1-link ~/.nix-profile-2-link
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        grammar
            .Position("before", v => _before = v)
            .Position("after", v => _after = v)
            .Flag("derivation", "Operate on the store derivation rather than its outputs.", () => _derivations = true);
    }

    public override int Run(Session session, Output output)
    {
        StorePath Path(string text) => Builds.StorePaths(session, [_installables.ParseOne(session, text)], _derivations)[0];
        foreach (var line in Compare(session, Path(_before), Path(_after), new Ansi(Terminal.IsOutputTerminal)))
        {
            output.Line(line);
        }

        return 0;
    }

    /// <summary>Describes the differences, a line for each package.</summary>
    public static IEnumerable<string> Compare(Session session, StorePath before, StorePath after, Ansi ansi)
    {
        var (old, @new) = (Group(session, before), Group(session, after));
        foreach (var name in old.Keys.Union(@new.Keys).Order(Utf8Order.Comparer))
        {
            var (was, @is) = (old.GetValueOrDefault(name, []), @new.GetValueOrDefault(name, []));
            var removed = was.Keys.Except(@is.Keys).ToList();
            var added = @is.Keys.Except(was.Keys).ToList();
            var change = @is.Values.Sum() - was.Values.Sum();
            var items = new List<string>();
            if (removed.Count > 0 || added.Count > 0)
            {
                items.Add($"{Show(removed)} → {Show(added)}");
            }

            if (Math.Abs(change) >= SmallestChange)
            {
                items.Add(change > 0 ? ansi.Error(SizeText.Render(change)) : ansi.Good(SizeText.Render(change)));
            }

            if (items.Count > 0)
            {
                yield return $"{name}: {string.Join(", ", items)}";
            }
        }
    }

    private static Dictionary<string, SortedDictionary<string, long>> Group(Session session, StorePath top)
    {
        var groups = new Dictionary<string, SortedDictionary<string, long>>();
        foreach (var path in session.Store.Closure.Of([top]))
        {
            // Outputs of one package count as one, as far as their names tell.
            var match = OutputSuffix().Match(path.Name);
            var (name, version) = Split(match.Success ? match.Groups[1].Value : path.Name);
            var versions = groups.TryGetValue(name, out var known) ? known : groups[name] = new(Utf8Order.Comparer);
            versions[version] = versions.GetValueOrDefault(version) + session.Store.Infos.Get(path, session.StoreDirectory).NarSize;
        }

        return groups;
    }

    /// <summary>The version begins behind the first dash that no letter follows.</summary>
    private static (string Name, string Version) Split(string text)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == '-' && !char.IsAsciiLetter(text[i + 1]))
            {
                return (text[..i], text[(i + 1)..]);
            }
        }

        return (text, "");
    }

    private static string Show(List<string> versions) => versions.Count == 0
        ? "∅"
        : string.Join(", ", versions.Select(v => v.Length == 0 ? "ε" : v).Order(Utf8Order.Comparer));

    [GeneratedRegex("^(.*)-([a-z]+|lib32|lib64)$")]
    private static partial Regex OutputSuffix();
}
