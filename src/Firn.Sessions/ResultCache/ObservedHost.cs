using Firn.Evaluation.Host;

namespace Firn.Sessions.ResultCache;

/// <summary>The world of one session; takes down all that evaluation sees of it.</summary>
internal sealed class ObservedHost(IEvaluationHost host, IEvaluationStore store, Observer observer) : IEvaluationHost
{
    public IFileTree Files { get; } = new ObservedFiles(observer);

    public IEvaluationStore Store => store;

    public IEvaluationFetcher Fetcher { get; } = new ObservedFetcher(host.Fetcher, observer);

    public IFlakes Flakes { get; } = new ObservedFlakes(host.Flakes, observer);

    public long CurrentTime
    {
        get
        {
            observer.Refuse("it asks what time it is");
            return host.CurrentTime;
        }
    }

    public string? FindEnvironmentVariable(string name)
    {
        var value = host.FindEnvironmentVariable(name);
        observer.SawVariable(name, value);
        return value;
    }

    public byte[] Execute(IReadOnlyList<string> command)
    {
        observer.Refuse("it runs a program");
        return host.Execute(command);
    }

    public void Tell(MessageKind kind, string text)
    {
        observer.Told(kind, text);
        host.Tell(kind, text);
    }
}
