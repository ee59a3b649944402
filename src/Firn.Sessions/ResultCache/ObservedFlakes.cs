using Firn.Evaluation.Host;
using Firn.Model.StorePaths;

namespace Firn.Sessions.ResultCache;

/// <summary>Flakes of which is taken down that they may be others the next time.</summary>
internal sealed class ObservedFlakes(IFlakes flakes, Observer observer) : IFlakes
{
    private const string Reason = "it fetches a flake by its name";

    public IReadOnlyDictionary<string, object> Parse(string text) => flakes.Parse(text);

    public string Print(IReadOnlyDictionary<string, object> attributes) => flakes.Print(attributes);

    public FlakeGraph Lock(string reference)
    {
        observer.Refuse(Reason);
        return flakes.Lock(reference);
    }

    public StorePath FetchTree(string reference)
    {
        observer.Refuse(Reason);
        return flakes.FetchTree(reference);
    }

    public (string Message, string Hint)? FindMissing(string file) => flakes.FindMissing(file);

    public string? FindOrigin(string file) => flakes.FindOrigin(file);
}
