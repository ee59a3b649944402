using System.Collections.Immutable;
using Firn.Evaluation;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions.Configuration;
using Firn.Sessions.Ports;
using Firn.Sessions.Profiling;
using Firn.Sessions.ResultCache;
using Firn.Sessions.Stores;
using Firn.Syntax.Text;

namespace Firn.Sessions;

/// <summary>An evaluator with the session's store and settings behind it.</summary>
public sealed class EvaluationSession
{
    // Address space, not memory: only what recursion reaches is ever used.
    private const int StackSize = 1 << 30;

    // More have not been measured.
    private const int MostHelpers = 3;

    private readonly Session _session;
    private readonly bool _isReadOnly;
    private readonly EvaluationStore _store;
    private readonly EvaluationOptions _options;
    private readonly Observer? _observer;
    private readonly AnswerCache? _answers;
    private readonly ClosedMemory? _memory;
    private readonly EvaluationHost _host;
    private readonly Lazy<Evaluator> _evaluator;
    private readonly CallObservation _calls;
    private bool _isObserved;

    /// <param name="session">The settings and the store.</param>
    /// <param name="searchPath">What <c>-I</c> gave, in front of the configured path.</param>
    /// <param name="isReadOnly">Whether derivations and sources are only named.</param>
    /// <param name="build">Builds what evaluation has to read.</param>
    public EvaluationSession(
        Session session, IEnumerable<string> searchPath, bool isReadOnly,
        Func<IReadOnlyCollection<ContextElement.Output>, IReadOnlyList<(ContextElement.Output Output, StorePath Path)>> build)
    {
        var reference = session.EvaluationReference ?? session.Reference;
        var isDummy = reference.Scheme == "dummy";
        _session = session;
        _isReadOnly = isReadOnly || session.IsReadOnly || isDummy;
        _options = Options(session, searchPath);
        _calls = new CallObservation(_options.Settings, session.Log);
        var local = isDummy ? null : new Lazy<OpenStore>(() => session.EvaluationStore);
        var layout = session.EvaluationReference is null ? session.Layout : LocalLayout.Of(reference, session.Environment);
        _store = new EvaluationStore(layout, local, _isReadOnly, build)
        {
            // Whoever names a store to write to wants to hear that it takes nothing.
            RefusesDerivations = isDummy && session.EvaluationReference is not null && !isReadOnly
                && reference.Parameters.GetValueOrDefault("read-only") != "false",
        };
        _host = new EvaluationHost(_store, isDummy ? new NoFetcher() : MakeFetcher(session), new EvaluationFlakes(session), session.Environment, session.Log, TimeProvider.System);
        if (AnswersFolder() is { } folder)
        {
            _observer = new Observer(TimeProvider.System);
            _answers = Answers(folder, _observer);
            var closed = new Observer(TimeProvider.System, _observer);
            _memory = new ClosedMemory(
                new ObservedHost(_host, new ObservedStore(_store, closed), closed), closed, _observer,
                Answers(folder + "/parts", closed), Key);
        }

        _evaluator = new(MakeEvaluator);

        AnswerCache Answers(string folder, Observer observer) => new(
            new AnswerFolder(folder, TimeProvider.System), new Verifier(_store, _host.Fetcher, session.Environment, TimeProvider.System), observer,
            local, _isReadOnly);
    }

    /// <summary>The directory that store paths are spelled with.</summary>
    public StoreDirectory StoreDirectory => _session.StoreDirectory;

    /// <summary>How long an evaluation must have taken for its answer to be kept.</summary>
    public TimeSpan WorthKeeping { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long an evaluation must have taken for parts of it to be kept.</summary>
    public TimeSpan PartsWorthKeeping { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Which program this is; null for the one that runs.</summary>
    public string? Program { get; init; }

    /// <summary>Who looks around where evaluation stops.</summary>
    public IDebugger? Debugger { get; set; }

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
                    _evaluator.Value.UseThread();
                    _evaluator.Value.Debugger ??= Debugger;
                    _evaluator.Value.CallObserver ??= _calls.Observer;
                    _evaluator.Value.Counters ??= EvaluationStatistics.MakeCounters(_session.Environment);
                    result = evaluate(_evaluator.Value);
                }
                catch (Exception e) when (_evaluator.Value.Shows(e) || true)
                {
                    _evaluator.Value.EndHelp();
                    if (e is FirnException reported)
                    {
                        _evaluator.Value.Locate(reported);
                    }

                    failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
                }

                _evaluator.Value.EndHelp();
            },
            StackSize);
        thread.Start();
        thread.Join();
        _calls.Finish();
        if (failure is not null)
        {
            _store.Settle();
            failure.Throw();
        }

        _store.Flush();
        EvaluationStatistics.PrintIfWanted(_evaluator.Value, _session.Environment);
        return result;
    }

    /// <summary>Answers a question by evaluating, or as it was answered before if nothing that was read has changed since.</summary>
    /// <param name="question">What is asked, beyond the program's arguments; null for what must not be remembered.</param>
    /// <param name="take">Takes the parts of the answer.</param>
    /// <param name="evaluate">Finds the answer and gives its parts; has no other effects.</param>
    public void Answer(IEnumerable<string>? question, Action<byte[]> take, Action<Evaluator, Action<byte[]>> evaluate)
    {
        _isObserved |= _answers is not null && question is not null && !_evaluator.IsValueCreated;
        if (_answers is null || question is null || !_isObserved || Debugger is not null)
        {
            Run(eval =>
            {
                evaluate(eval, take);
                return true;
            });
            return;
        }

        var key = Key(Question.Of(_session, question));
        if (_answers.Find(key) is { } known)
        {
            foreach (var (kind, text) in known.Messages)
            {
                _host.Tell(kind, text);
            }

            foreach (var part in known.Answer)
            {
                take(part.ToArray());
            }

            return;
        }

        var isWorthKeeping = false;
        var parts = new List<byte[]>();
        var started = TimeProvider.System.GetTimestamp();
        Run(eval =>
        {
            evaluate(eval, part =>
            {
                parts.Add(part);
                take(part);
            });
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            isWorthKeeping = elapsed >= WorthKeeping;
            if (elapsed >= PartsWorthKeeping)
            {
                eval.EndHelp();
                eval.KeepClosedCalls();
            }

            return true;
        });
        if (isWorthKeeping)
        {
            _answers.Keep(key, parts.Select(part => (ReadOnlyMemory<byte>)part), _observer!.TakeMessages());
        }
    }

    private string Key(IEnumerable<string> parts) => Question.Key(_session, Program ?? ProgramIdentity.Find(), _options, _isReadOnly, parts);

    private Evaluator MakeEvaluator()
    {
        var evaluator = new Evaluator(
            _options, _isObserved ? new ObservedHost(_host, new ObservedStore(_store, _observer!), _observer!) : _host, new SymbolTable(), new SourceTable());
        if (_isObserved)
        {
            evaluator.Remember(_memory!);
        }

        return evaluator;
    }

    // Who wants to know what evaluation costs or does wants it to happen.
    private string? AnswersFolder()
    {
        var settings = _options.Settings;
        var isWatched = (_session.Environment(EvaluationStatistics.Wanted) ?? "0") != "0" || settings.TraceFunctionCalls
            || settings.EvalProfiler != "disabled" || settings.DebuggerOnTrace || settings.DebuggerOnWarn;
        return settings.EvalCache && _session.Arguments is not null && !isWatched ? _session.Directories.Cache + "/firn-answers" : null;
    }

    private static EvaluationFetcher MakeFetcher(Session session) => new(
        new Lazy<Fetching.Fetcher>(() => session.Fetcher), new ClosureFetcher(session), session.Get<EvaluationSettings>(),
        session.Log);

    private static EvaluationOptions Options(Session session, IEnumerable<string> searchPath)
    {
        var settings = session.Get<EvaluationSettings>();
        var system = settings.EvalSystem.Length > 0 ? settings.EvalSystem : session.Get<Building.BuildSettings>().System;
        var entries = searchPath.Concat(settings.NixPath.IsEmpty ? ChannelPath(session, settings) : settings.NixPath).Select(SearchPathEntry.Parse).Select(Absolute).ToImmutableArray();
        return new EvaluationOptions
        {
            Settings = settings,
            CurrentSystem = system,
            Helpers = settings.EvalCores > 0 ? settings.EvalCores - 1 : Math.Min(Environment.ProcessorCount - 1, MostHelpers),
            SearchPath = entries,
            Features = [.. session.Get<SessionSettings>().ExperimentalFeatures],
            HasShortPathLint = session.Settings.IsSet("lint-short-path-literals"),
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
