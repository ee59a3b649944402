using Firn.Evaluation;
using Firn.Evaluation.Host;
using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Sessions.Ports;

/// <summary>Fetches for evaluation, and holds it to what pure evaluation allows.</summary>
/// <param name="fetcher">Made when something is first fetched.</param>
/// <param name="closures">Takes objects from binary caches.</param>
/// <param name="settings">Whether evaluation is pure.</param>
/// <param name="log">Hears of inputs that may change.</param>
internal sealed class EvaluationFetcher(
    Lazy<Fetcher> fetcher, ClosureFetcher closures, EvaluationSettings settings, IMessageLog log) : IEvaluationFetcher
{
    private const string FetchGit = "fetchGit";
    private const string FetchMercurial = "fetchMercurial";

    private readonly Dictionary<string, Evaluation.Host.FetchedTree> _fetched = new(StringComparer.Ordinal);

    public StorePath FetchUrl(string url, string name, Hash? expected) => fetcher.Value.FetchUrl(url, name, expected);

    public StorePath FetchTarball(string url, string name, Hash? expected) => fetcher.Value.FetchTarball(url, name, expected);

    public Evaluation.Host.FetchedTree FetchTree(IReadOnlyDictionary<string, object> attributes, Action<string> checkUri)
    {
        var builtin = attributes.GetValueOrDefault("__builtin") as string ?? "fetchTree";
        var input = attributes.ContainsKey("__url")
            ? ParseUrl((string)attributes["url"])
            : ParseAttributes(attributes, builtin);
        CheckLocked(input, builtin);
        if (builtin != FetchMercurial)
        {
            checkUri(fetcher.Value.Forms.ToUrl(input).ToString());
        }

        // The same twice in an evaluation must be the same, whatever happens to its source meanwhile.
        var key = builtin + input.ToJson();
        if (!_fetched.TryGetValue(key, out var tree))
        {
            var found = fetcher.Value.FetchTree(input);
            tree = new(found.Path, InputObjects.From(builtin == FetchMercurial
                ? TreeAttributes.DescribeMercurial(found.Attributes)
                : TreeAttributes.Describe(found.Attributes, namesMissingRevision: builtin == FetchGit)));
            _fetched[key] = tree;
        }

        return tree;
    }

    public StorePath FetchClosure(string store, StorePath path, ClosureForm form) => closures.Fetch(store, path, form);

    private InputAttributes ParseUrl(string url) => fetcher.Value.Forms.ParseUrl(Url.Parse(url), wantsTree: false);

    private InputAttributes ParseAttributes(IReadOnlyDictionary<string, object> attributes, string builtin)
    {
        var input = InputObjects.Read(attributes.Where(a => a.Key != "__builtin"));
        if (builtin is FetchGit or FetchMercurial)
        {
            return builtin == FetchGit ? fetcher.Value.Forms.ParseGit(input) : fetcher.Value.Forms.ParseMercurial(input);
        }

        if (input.Has("name"))
        {
            throw new SessionException(SessionErrors.Fetching, $"argument 'name' isn’t supported in call to '{builtin}'");
        }

        return fetcher.Value.Forms.Parse(input.FindText("type") == "git" && !input.Has("shallow") ? input.With("shallow", true) : input);
    }

    private void CheckLocked(InputAttributes input, string builtin)
    {
        if (!settings.PureEval || fetcher.Value.Forms.IsLocked(input))
        {
            return;
        }

        if (input.NarHash is null)
        {
            throw new SessionException(
                SessionErrors.Fetching, $"in pure evaluation mode, '{builtin}' doesn't fetch unlocked input '{fetcher.Value.Forms.ToUrl(input)}'");
        }

        log.Write(Verbosity.Warning,
            $"Input '{fetcher.Value.Forms.ToUrl(input)}' is unlocked (e.g. lacks a Git revision) but is checked by NAR hash. This is not reproducible and will break after garbage collection or when shared.");
    }
}
