using Firn.Evaluation.Host;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Sessions.ResultCache;

/// <summary>Fetches; takes down what came where the expression does not say it by hash.</summary>
internal sealed class ObservedFetcher(IEvaluationFetcher fetcher, Observer observer) : IEvaluationFetcher
{
    public StorePath FetchUrl(string url, string name, Hash? expected) => expected is null
        ? Observe(new FetchRequest.File(url, name), () => fetcher.FetchUrl(url, name, expected), path => path.ToString())
        : Put(fetcher.FetchUrl(url, name, expected));

    public StorePath FetchTarball(string url, string name, Hash? expected) => expected is null
        ? Observe(new FetchRequest.Archive(url, name), () => fetcher.FetchTarball(url, name, expected), path => path.ToString())
        : Put(fetcher.FetchTarball(url, name, expected));

    public FetchedTree FetchTree(IReadOnlyDictionary<string, object> attributes, Action<string> checkUri) =>
        Observe(new FetchRequest.Tree(attributes), () => fetcher.FetchTree(attributes, checkUri), FetchRequest.Describe);

    public StorePath FetchClosure(string store, StorePath path, ClosureForm form)
    {
        observer.Refuse("something was taken from a binary cache");
        return fetcher.FetchClosure(store, path, form);
    }

    private T Observe<T>(FetchRequest request, Func<T> fetch, Func<T, string> describe)
    {
        try
        {
            var result = fetch();
            observer.SawFetch(request, describe(result));
            return result;
        }
        catch (FirnException)
        {
            // An entry of the search path that cannot be fetched is passed over, this time.
            observer.Refuse("something could not be fetched");
            throw;
        }
    }

    private StorePath Put(StorePath path)
    {
        observer.Put(path);
        return path;
    }
}
