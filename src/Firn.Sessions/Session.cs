using Firn.Fetching;
using Firn.Building;
using Firn.Building.Remote;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Settings;
using Firn.Model.StorePaths;
using Firn.Profiles.Generations;
using Firn.Sessions.Configuration;
using Firn.Sessions.Stores;
using Firn.Store;
using Firn.Store.BinaryCache.Lookup;
using Firn.Store.Local;
using Firn.Store.Substituting;
using Firn.Transfers;

namespace Firn.Sessions;

/// <summary>One run of the program: what it was configured to, and the parts built from that, each when first asked for.</summary>
public sealed class Session : IDisposable
{
    private readonly Lazy<ConfiguredSettings> _settings;
    private readonly Lazy<StoreReference> _reference;
    private readonly Lazy<StoreLayout> _layout;
    private readonly Lazy<OpenStore> _store;
    private readonly Lazy<StoreReference?> _evaluationReference;
    private readonly Lazy<OpenStore> _evaluationStore;
    private readonly Lazy<IReadOnlyList<ISubstituter>> _substituters;
    private readonly HashSet<string> _warnings = [];
    private bool _isStoreTaken;
    private readonly Lazy<UserDirectories> _directories;
    private readonly Lazy<Fetcher> _fetcher;
    private readonly Lazy<HttpTransfers> _transfers;
    private readonly Lazy<NarInfoDiskCache> _narInfos;
    private readonly Lazy<SessionFlakes> _flakes;
    private readonly List<IDisposable> _owned = [];

    /// <summary>Builds nothing yet.</summary>
    /// <param name="files">Where the configuration is.</param>
    /// <param name="commandLine">The settings given on the command line, in order.</param>
    /// <param name="environment">Looks an environment variable up.</param>
    /// <param name="log">Takes messages and progress.</param>
    public Session(
        ConfigurationFiles files, IReadOnlyList<Assignment> commandLine, Func<string, string?> environment, IActivityLog log)
    {
        (Files, CommandLine, Environment, Log) = (files, commandLine, environment, log);
        _settings = new(() => new ConfiguredSettings(Variables().Concat(files.Read()).Concat(commandLine), log));
        _reference = new(() => AutomaticStore.Choose(StoreReference.Parse(Get<SessionSettings>().Store), environment, log));
        _layout = new(() => LocalLayout.Of(Reference, environment));
        _store = new(OpenMain);
        _evaluationReference = new(() => Get<SessionSettings>().EvalStore is { Length: > 0 } uri ? StoreReference.Parse(uri) : null);
        _evaluationStore = new(() => new StoreOpener(this).Open(EvaluationReference!));
        _substituters = new(() => new SubstituterList(this));
        _directories = new(() => UserDirectories.Of(environment, log));
        _fetcher = new(MakeFetcher);
        _flakes = new(() => new SessionFlakes(this));
        _transfers = new(() => Own(new HttpTransfers(Get<TransferSettings>(), log, Cancellation) { Environment = environment }));
        _narInfos = new(() => Own(new NarInfoDiskCache(Directories.Cache, Lifetimes(), TimeProvider.System, log)));
    }

    public ConfigurationFiles Files { get; }

    /// <summary>The settings given on the command line, in order.</summary>
    public IReadOnlyList<Assignment> CommandLine { get; }

    public Func<string, string?> Environment { get; }

    public IActivityLog Log { get; }

    /// <summary>The name and the arguments that the program was called with; null where its answers are not to be remembered.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Where relative paths on the line start from: the current folder, or that of the script which holds the line.</summary>
    public string BaseDirectory { get; init; } = System.Environment.CurrentDirectory;

    /// <summary>Whether nothing may be written to the store.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Is cancelled when the user or the system asks the program to end.</summary>
    public CancellationToken Cancellation => FindCancellation();

    /// <summary>Gives the token of <see cref="Cancellation"/>; listening to signals begins with the first call.</summary>
    public Func<CancellationToken> FindCancellation { get; init; } = () => CancellationToken.None;

    /// <summary>Forgets that the user interrupted the program: a prompt stops what it does and goes on.</summary>
    public Action ForgetInterruption { get; init; } = () => { };

    /// <summary>Which permissions the user's own new files do not get; for programs that this one becomes.</summary>
    public int UserMask { get; init; }

    /// <summary>Whether all that builders print is shown.</summary>
    public bool ShowsBuildLogs { get; init; }

    /// <summary>Makes objects valid.</summary>
    public BuildRequests Builder => new(Store.Builds, StoreDirectory, Log);

    /// <summary>Makes objects valid, and opens a shell in the place of each build that fails.</summary>
    public BuildRequests DebuggingBuilder(DebugShell shell) => new(BuilderMaker.Make(this, LocalStore, Reference, shell), StoreDirectory, Log);

    /// <summary>Takes builds to other machines for another program; null when there are no machines.</summary>
    public BuildHook? BuildHook => BuilderMaker.Hook(this);

    /// <summary>The other stores from which objects are taken.</summary>
    public IReadOnlyList<ISubstituter> Substituters => _substituters.Value;

    /// <summary>The settings in force.</summary>
    public ConfiguredSettings Settings => _settings.Value;

    /// <summary>Which store is worked on.</summary>
    public StoreReference Reference => _reference.Value;

    /// <summary>Where the store keeps what, when it is on this machine.</summary>
    public StoreLayout Layout => _layout.Value;

    /// <summary>The directory that store paths are spelled with.</summary>
    public StoreDirectory StoreDirectory => Layout.Directory;

    /// <summary>The store, opened when first asked for.</summary>
    public OpenStore Store => _store.Value;

    /// <summary>Opens another store.</summary>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public OpenStore OpenStore(string uri) => new StoreOpener(this).Open(StoreReference.Parse(uri));

    /// <summary>The store as one on this machine's disk.</summary>
    /// <exception cref="StoreException">It is another kind of store.</exception>
    public LocalStore LocalStore => Store.Local ?? throw new StoreException(
        StoreErrors.Unsupported, $"store '{Reference.ToText()}' is not on this machine's disk, and this command needs one that is");

    /// <summary>Which store evaluation writes to when it is another than <see cref="Reference"/>; else null.</summary>
    public StoreReference? EvaluationReference => _evaluationReference.Value;

    /// <summary>The store that evaluation writes to.</summary>
    public OpenStore EvaluationStore => EvaluationReference is null ? Store : _evaluationStore.Value;

    /// <summary>Where derivations are read that are built in a store.</summary>
    public DerivationSources DerivationsOf(LocalStore store) => new(store, EvaluationReference is null ? null : _evaluationStore.Value.Local);

    /// <summary>Where the daemon of this machine listens.</summary>
    public string DaemonSocket => AutomaticStore.DaemonSocket(Environment);

    /// <summary>The user's own directories.</summary>
    public UserDirectories Directories => _directories.Value;

    /// <summary>Where the user's profiles are.</summary>
    public ProfileLocations ProfileLocations => Directories.Profiles(Layout.StateDirectory, Get<SessionSettings>().UseXdgBaseDirectories);

    /// <summary>Changes profiles.</summary>
    public ProfileRunner Profiles => new(Store.Roots, StoreDirectory, Log, TimeProvider.System);

    /// <summary>Fetches into the store, made when first asked for.</summary>
    public Fetcher Fetcher => _fetcher.Value;

    /// <summary>The flakes that this session knows, made when first asked for.</summary>
    public SessionFlakes Flakes => _flakes.Value;

    /// <summary>Transfers files over the network, made when first asked for.</summary>
    public HttpTransfers Transfers => _transfers.Value;

    /// <summary>What binary caches have, as far as it is remembered on disk.</summary>
    public NarInfoDiskCache NarInfoCache => _narInfos.Value;

    /// <summary>Returns one record of settings.</summary>
    public T Get<T>()
        where T : class, ISettings<T>, new() => Settings.Get<T>();

    /// <summary>Finds what would have to be built or fetched.</summary>
    public BuildPlan FindMissing(IEnumerable<DerivedPath> wanted) => Builder.Plan(wanted);

    /// <summary>Follows more settings from now on, such as those that a flake brings; parts that were made before keep theirs.</summary>
    public void Adopt(IEnumerable<Assignment> settings) => Settings.Add(settings);

    /// <summary>Warns of something, and not again.</summary>
    public void WarnOnce(string message)
    {
        lock (_warnings)
        {
            if (!_warnings.Add(message))
            {
                return;
            }
        }

        Log.Write(Verbosity.Warning, message);
    }

    /// <summary>Has something disposed with the session.</summary>
    internal T Own<T>(T part)
        where T : IDisposable
    {
        lock (_owned)
        {
            _owned.Add(part);
        }

        return part;
    }

    /// <summary>Makes a session with other settings.</summary>
    /// <param name="commandLine">The settings given on the command line, in order.</param>
    /// <param name="more">What counts more than those.</param>
    /// <param name="log">Takes messages and progress; null for the log of this one.</param>
    /// <param name="takesStore">Whether it takes over the store if that is open; this one is not to be used any more then.</param>
    public Session With(IReadOnlyList<Assignment> commandLine, IReadOnlyList<Assignment> more, IActivityLog? log = null, bool takesStore = false)
    {
        var taken = takesStore && _store.IsValueCreated ? Store : takesStore ? TakenStore : null;
        _isStoreTaken |= takesStore;
        return new Session(Files, [.. commandLine, .. more], Environment, log ?? Log)
        {
            Arguments = Arguments,
            BaseDirectory = BaseDirectory,
            IsReadOnly = IsReadOnly,
            FindCancellation = FindCancellation,
            ForgetInterruption = ForgetInterruption,
            ShowsBuildLogs = ShowsBuildLogs,
            TakenStore = taken,
        };
    }

    /// <summary>A store that another session opened.</summary>
    internal OpenStore? TakenStore { get; private init; }

    public void Dispose()
    {
        if (_fetcher.IsValueCreated)
        {
            Fetcher.Dispose();
        }

        _owned.ForEach(o => o.Dispose());

        if (_evaluationStore.IsValueCreated)
        {
            _evaluationStore.Value.Dispose();
        }

        if (_store.IsValueCreated && !_isStoreTaken)
        {
            Store.Dispose();
        }
    }

    private NarInfoLifetimes Lifetimes()
    {
        var settings = Get<SubstituterSettings>();
        return new NarInfoLifetimes
        {
            Negative = settings.NarinfoCacheNegativeTtl,
            Positive = settings.NarinfoCachePositiveTtl,
            Meta = settings.NarinfoCacheMetaTtl,
        };
    }

    private OpenStore OpenMain()
    {
        var store = new StoreOpener(this).Reopen(TakenStore) ?? new StoreOpener(this).Open(Reference);
        if (EvaluationReference is null || store.Local is not { } local)
        {
            return store;
        }

        var derivations = DerivationsOf(local);
        return store with { Derivations = derivations, Outputs = new RealisedOutputs(local, derivations) };
    }

    private Fetcher MakeFetcher()
    {
        // A store that holds nothing cannot hold what is fetched either.
        var store = EvaluationReference is { Scheme: "dummy" } ? Store : EvaluationStore;
        return new Fetcher(
            Get<FetchSettings>(), Transfers, new FetchStore(store.Directory, Layout.RealPath, store.Infos, store.Contents, store.TemporaryRoots),
            new FetchPlaces(Directories.Cache, Environment("_NIX_FORCE_HTTP") == "1"), Log, TimeProvider.System, Cancellation);
    }

    // Variables say what a setting's default is; files and options win over them.
    private IEnumerable<Assignment> Variables()
    {
        (string Setting, string? Value)[] all =
        [
            ("store", Environment("NIX_REMOTE")),
            ("abort-on-warn", Environment("NIX_ABORT_ON_WARN") is "1" or "yes" or "true" ? "true" : null),
            ("builders", $"@{Files.SystemDirectory}/machines"),
            ("netrc-file", $"{Files.SystemDirectory}/netrc"),
            ("bearer-tokens-file", $"{Files.SystemDirectory}/bearer-tokens"),
            ("ssl-cert-file", Environment("NIX_SSL_CERT_FILE") is { Length: > 0 } file ? file : Environment("SSL_CERT_FILE")),
        ];
        return all.Where(v => v.Value is { Length: > 0 }).Select(v => new Assignment(v.Setting, v.Value!, IsOverride: false));
    }
}
