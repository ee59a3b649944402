using System.Text.RegularExpressions;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Profiles.Packages;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix search</c>: finds packages by what they are called and what they say of themselves.</summary>
internal sealed class SearchCommand : Command
{
    private readonly InstallableOptions _installables = new() { Attributes = new(["packages.SYSTEM", "legacyPackages.SYSTEM"], FlakeAttributes.Packages.Prefixes) };
    private readonly JsonOptions _json = new();
    private readonly List<string> _patterns = [];
    private readonly List<string> _excluded = [];
    private string _installable = "";

    public override string Summary => "search for packages";

    public override string Examples => """
        # Packages of a flake whose name or description has both words:
        $ nix search nixpkgs git 'frontend|gui'
        # All that there are:
        $ nix search nixpkgs ^
        """;

    public override void SetDefaults(CommonOptions options)
    {
        _installables.Expressions.SetDefaults(options);
        options.Set("allow-import-from-derivation", "false");
    }

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        _json.Declare(grammar);
        grammar
            .Value("exclude", "regex", "Hide packages whose attribute path, name or description contain regex.", _excluded.Add, 'e')
            .Position("installable", v => _installable = v)
            .Rest("regex", _patterns.Add);
    }

    public override int Run(Session session, Output output)
    {
        if (_patterns.Count == 0)
        {
            throw new UsageException("Must provide at least one regex! To match all packages, use 'nix search <installable> ^'.");
        }

        var installable = _installables.ParseOne(session, _installable, isReadOnly: true) as ValueInstallable
            ?? throw new CommandException($"'{_installable}' is an object of the store, in which nothing can be searched");
        var search = new PackageSearch([.. _patterns.Select(Compile)], [.. _excluded.Select(Compile)]);
        var found = installable is FlakeInstallable flake
            ? flake.Source.Run((eval, outputs) => flake.FindAll(eval, outputs).SelectMany(f => search.Find(eval, f.Value, f.Path)).ToList())
            : installable.Evaluate((eval, value) => search.Find(eval, value, _installable).ToList());
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json =>
            {
                json.WriteStartObject();
                foreach (var package in found.DistinctBy(p => p.Path).OrderBy(p => p.Path, Utf8Order.Comparer))
                {
                    json.WriteStartObject(package.Path);
                    json.WriteString("description", package.Description);
                    json.WriteString("pname", package.Name.Name);
                    json.WriteString("version", package.Name.Version);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            });
            return 0;
        }

        if (found.Count == 0)
        {
            throw new CommandException("no results for the given search term(s)!");
        }

        output.Line(string.Join("\n\n", found.Select(search.Describe)));
        return 0;
    }

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"invalid regular expression '{pattern}': {e.Message}");
        }
    }
}

/// <summary>A package that was found.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Description">What it says of itself, in one line.</param>
internal sealed record SearchedPackage(string Path, PackageName Name, string Description);

/// <summary>Looks for packages in a value.</summary>
/// <param name="wanted">What each must match, in its path, its name or its description.</param>
/// <param name="excluded">What none may match.</param>
internal sealed class PackageSearch(IReadOnlyList<Regex> wanted, IReadOnlyList<Regex> excluded)
{
    /// <summary>Lists the packages that match in a value.</summary>
    public IEnumerable<SearchedPackage> Find(Evaluator eval, Value value, string path)
    {
        var found = new List<SearchedPackage>();
        Visit(eval, value, path.Length == 0 ? [] : [.. SelectionPath.Parse(path, eval)], isFirst: true, found);
        return found;
    }

    /// <summary>Writes a package for people, with what matched in colour.</summary>
    public string Describe(SearchedPackage package)
    {
        var version = package.Name.Version.Length > 0 ? $" ({package.Name.Version})" : "";
        var description = package.Description.Length > 0 ? "\n  " + Highlight(package.Description, "\e[0m") : "";
        return $"* \e[0;1m{Highlight(package.Path, "\e[0;1m")}\e[0m{version}{description}";
    }

    private void Visit(Evaluator eval, Value value, string[] path, bool isFirst, List<SearchedPackage> found)
    {
        var failure = Attempt.Run(eval, () =>
        {
            if (eval.Force(value).AsSet is not { } set)
            {
                return;
            }

            if (eval.IsDerivation(set))
            {
                Take(eval, set, string.Join('.', path), found);
            }
            else if (isFirst || path is [] or ["packages" or "legacyPackages"] or ["packages" or "legacyPackages", _] || (path is ["legacyPackages", ..] && Recurses(eval, set)))
            {
                foreach (var (name, inner, _) in set.ByName(eval.Symbols))
                {
                    Visit(eval, inner, [.. path, name.ToString()], isFirst: false, found);
                }
            }
        });
        if (failure is not null && path is not ["legacyPackages", ..])
        {
            throw failure;
        }
    }

    private void Take(Evaluator eval, AttributeSet set, string path, List<SearchedPackage> found)
    {
        var name = PackageName.Parse(new FoundDerivation(path, set).Name(eval));
        var description = PackageAttributes.FindMeta(eval, set, "description") is { AsString: { } text } ? text.ToString().Replace('\n', ' ') : "";
        string[] parts = [path, name.Name, description];
        if (!excluded.Any(e => parts.Any(e.IsMatch)) && wanted.All(w => parts.Any(w.IsMatch)))
        {
            found.Add(new SearchedPackage(path, name, description));
        }
    }

    private string Highlight(string text, string after)
    {
        var marked = new bool[text.Length];
        foreach (var match in wanted.SelectMany(w => w.Matches(text)))
        {
            Array.Fill(marked, true, match.Index, match.Length);
        }

        var result = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            result.Append(marked[i] && (i == 0 || !marked[i - 1]) ? "\e[32;1m" : "").Append(text[i])
                .Append(marked[i] && (i == text.Length - 1 || !marked[i + 1]) ? after : "");
        }

        return result.ToString();
    }

    private static bool Recurses(Evaluator eval, AttributeSet set) =>
        set.Find(eval.Symbols.Intern("recurseForDerivations")) is { } flag && eval.Force(flag).AsBool is true;
}
