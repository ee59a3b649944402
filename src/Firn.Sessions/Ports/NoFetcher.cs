using Firn.Evaluation.Host;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Sessions.Ports;

/// <summary>Stands for the fetcher where nothing can be fetched.</summary>
internal sealed class NoFetcher : IEvaluationFetcher
{
    public StorePath FetchUrl(string url, string name, Hash? expected) => throw Refusal(url);

    public StorePath FetchTarball(string url, string name, Hash? expected) => throw Refusal(url);

    public FetchedTree FetchTree(IReadOnlyDictionary<string, object> attributes, Action<string> checkUri) =>
        throw Refusal(attributes.GetValueOrDefault("url") as string ?? "a tree");

    public StorePath FetchClosure(string store, StorePath path, ClosureForm form) => throw Refusal(path.ToString());

    private static SessionException Refusal(string what) =>
        new(SessionErrors.Fetching, $"cannot fetch '{what}': this store takes nothing in");
}
