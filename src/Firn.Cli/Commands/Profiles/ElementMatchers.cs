using System.Globalization;
using System.Text.RegularExpressions;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;

namespace Firn.Cli.Commands.Profiles;

/// <summary>The arguments and options that say which packages of a profile are meant.</summary>
internal sealed class ElementMatchers
{
    private readonly List<(string Title, Func<StoreDirectory, ProfileElement, bool> Matches)> _matchers = [];
    private bool _all;

    public void Declare(Grammar grammar) => grammar
        .Flag("all", "Match all packages in the profile.", () => _all = true)
        .Value("regex", "pattern", "A regular expression to match one or more packages in the profile.", AddPattern)
        .Rest("elements", AddName);

    /// <summary>Returns the names of the packages that are meant; warns of what means none.</summary>
    public IReadOnlySet<string> Match(Session session, ProfileManifest manifest)
    {
        if (!_all && _matchers.Count == 0)
        {
            throw new UsageException("No packages specified.");
        }

        if (_all && _matchers.Count > 0)
        {
            throw new UsageException("--all cannot be used with package names or regular expressions.");
        }

        if (manifest.Elements.IsEmpty)
        {
            session.Log.Write(Verbosity.Warning, "There are no packages in the profile.");
            return new HashSet<string>();
        }

        var names = new SortedSet<string>(manifest.Elements.Where(_ => _all).Select(e => e.Name!), Model.Text.Utf8Order.Comparer);
        foreach (var (title, matches) in _matchers)
        {
            var found = manifest.Elements.Where(e => matches(session.StoreDirectory, e)).Select(e => e.Name!).ToList();
            names.UnionWith(found);
            if (found.Count == 0)
            {
                session.Log.Write(Verbosity.Warning, $"{title} does not match any packages in the profile.");
            }
        }

        return names;
    }

    private void AddPattern(string pattern)
    {
        try
        {
            var regex = new Regex($"^(?:{pattern})\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            _matchers.Add(($"Regex '{pattern}'", (_, element) => regex.IsMatch(element.Identifier)));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new UsageException($"'{pattern}' is not a regular expression: {e.Message}");
        }
    }

    private void AddName(string text)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new UsageException($"'nix profile' no longer supports indices ('{text}')", "'nix profile list' shows the names.");
        }

        _matchers.Add(text.StartsWith('/')
            ? ($"Store path '{Path.GetFileName(text)}'", (directory, element) => directory.TryParse(text, out var path) && element.StorePaths.Contains(path))
            : ($"Package name '{text}'", (_, element) => element.Name == text));
    }
}
