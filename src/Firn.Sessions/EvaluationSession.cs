using System.Collections.Immutable;
using Firn.Evaluation;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Model.StorePaths;
using Firn.Sessions.Configuration;
using Firn.Sessions.Ports;
using Firn.Syntax.Text;

namespace Firn.Sessions;

/// <summary>An evaluator with the session's store and settings behind it.</summary>
public sealed class EvaluationSession
{
    // Address space, not memory: only what recursion reaches is ever used.
    private const int StackSize = 1 << 30;

    private readonly EvaluationStore _store;
    private readonly Func<string, string?> _environment;

    /// <param name="session">The settings and the store.</param>
    /// <param name="searchPath">What <c>-I</c> gave, in front of the configured path.</param>
    /// <param name="isReadOnly">Whether derivations and sources are only named.</param>
    /// <param name="build">Builds what evaluation has to read.</param>
    public EvaluationSession(
        Session session, IEnumerable<string> searchPath, bool isReadOnly,
        Func<IReadOnlyCollection<ContextElement.Output>, IReadOnlyList<(ContextElement.Output Output, StorePath Path)>> build)
    {
        var isDummy = session.Reference.Scheme == "dummy";
        _environment = session.Environment;
        _store = new EvaluationStore(
            session.Layout, isDummy ? null : new Lazy<Stores.OpenStore>(() => session.Store), isReadOnly || session.IsReadOnly || isDummy, build);
        var host = new EvaluationHost(_store, isDummy ? new NoFetcher() : MakeFetcher(session), new FlakeReferences(new InputForms(session.Get<FetchSettings>())), session.Environment, session.Log, TimeProvider.System);
        Evaluator = new Evaluator(Options(session, searchPath), host, new SymbolTable(), new SourceTable());
    }

    public Evaluator Evaluator { get; }

    /// <summary>Writes the derivations that were made so far, for somebody who builds them while evaluation goes on.</summary>
    public void Flush() => _store.Flush();

    /// <summary>Runs <paramref name="evaluate"/> where recursion can go deep, and writes the derivations that it made.</summary>
    public T Run<T>(Func<Evaluator, T> evaluate)
    {
        T result = default!;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = evaluate(Evaluator);
                }
                catch (Exception e)
                {
                    failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSize);
        thread.Start();
        thread.Join();
        failure?.Throw();
        _store.Flush();
        EvaluationStatistics.PrintIfWanted(Evaluator, _environment);
        return result;
    }

    private static EvaluationFetcher MakeFetcher(Session session) => new(
        new Lazy<Fetching.Fetcher>(() => session.Fetcher), session.Get<EvaluationSettings>(),
        session.Get<SessionSettings>().ExperimentalFeatures, session.Log);

    private static EvaluationOptions Options(Session session, IEnumerable<string> searchPath)
    {
        var settings = session.Get<EvaluationSettings>();
        var system = settings.EvalSystem.Length > 0 ? settings.EvalSystem : session.Get<Building.BuildSettings>().System;
        var entries = searchPath.Concat(settings.NixPath.IsEmpty ? ChannelPath(session, settings) : settings.NixPath).Select(SearchPathEntry.Parse).Select(Absolute).ToImmutableArray();
        return new EvaluationOptions
        {
            Settings = settings,
            CurrentSystem = system,
            SearchPath = entries,
            Features = [.. session.Get<SessionSettings>().ExperimentalFeatures],
            HomeDirectory = session.Environment("HOME"),
            AllowedPaths = settings.RestrictEval ? [.. entries.Select(e => e.Path).Where(p => p.StartsWith('/'))] : [],
        };
    }

    /// <summary>What is looked through when nobody says anything: the channels of the user and of root, as far as they are there.</summary>
    private static IEnumerable<string> ChannelPath(Session session, EvaluationSettings settings)
    {
        if (settings.PureEval || settings.RestrictEval || session.Environment("NIX_PATH") is not null)
        {
            return [];
        }

        var locations = session.ProfileLocations;
        (string Prefix, string Path)[] all =
        [
            ("", locations.DefaultExpressions + "/channels"), ("nixpkgs=", locations.RootChannelsProfile + "/nixpkgs"), ("", locations.RootChannelsProfile),
        ];
        return all.Where(e => System.IO.Path.Exists(e.Path)).Select(e => e.Prefix + e.Path);
    }

    private static SearchPathEntry Absolute(SearchPathEntry entry) =>
        entry.Path.Contains(':') || entry.Path.StartsWith('/') || entry.Path.Length == 0
            ? entry
            : entry with { Path = PathText.Canonical(Path.GetFullPath(entry.Path)) };
}
