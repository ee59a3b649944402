using Firn.Building.Nesting;
using Firn.Building.Outputs;
using Firn.Building.Planning;
using Firn.Building.Running;
using Firn.Building.Scheduling;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store.Builds;
using Firn.Store.Local;
using Firn.Store.Substituting;

namespace Firn.Building;

/// <summary>Makes store objects valid, by substitution or by building, in parallel.</summary>
/// <param name="store">Where to.</param>
/// <param name="derivations">Where derivations are read.</param>
/// <param name="substituters">The stores that may have what is wanted.</param>
/// <param name="settings">How to build.</param>
/// <param name="options">What else decides.</param>
/// <param name="chambers">Gives builds their places.</param>
/// <param name="log">Is told what happens.</param>
/// <param name="time">The clock.</param>
public sealed class Builder(
    LocalStore store, DerivationSources derivations, IReadOnlyList<ISubstituter> substituters, BuildSettings settings, BuilderOptions options, IBuildChambers chambers,
    IActivityLog log, TimeProvider time) : IBuilds
{
    private readonly IReadOnlyList<ISubstituter> _substituters = options.UsesSubstitutes ? substituters : [];

    private BuildRunner? _runner;

    public BuildPlan Plan(IEnumerable<DerivedPath> wanted) => new BuildPlanner(
        new StoreKnowledge(store, derivations, _substituters, new KnownOutputs(store, derivations, options.AllowsContentAddressing), log),
        store.Directory, settings.AlwaysAllowSubstitutes).Plan(wanted);

    public BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) =>
        Run(goals => [.. wanted.Select(w => (w, goals.Of(w, mode)))], cancellation);

    private BuildResults Run(Func<GoalSet, IReadOnlyList<(DerivedPath Path, Goal Goal)>> ask, CancellationToken cancellation)
    {
        var scheduler = new GoalScheduler(
            settings.KeepGoing, settings.MaxJobs, settings.MaxSubstitutionJobs,
            Tell, cancellation, options.Remote?.SlotCount ?? 0);
        var goals = new GoalSet
        {
            Store = store,
            Derivations = derivations,
            Substituters = _substituters,
            Settings = settings,
            Options = options,
            Outputs = new KnownOutputs(store, derivations, options.AllowsContentAddressing),
            Failures = new BuildFailures(store.Directory, options),
            Runner = Runner,
            Hook = new PostBuildHook(store.Directory, settings, options, log),
            Log = log,
            Scheduler = scheduler,
        };
        var asked = ask(goals);
        scheduler.Run([.. asked.Select(a => a.Goal).Distinct()]);
        var hasFailed = asked.Any(a => a.Goal.Result is null or { IsSuccess: false });
        return new BuildResults(
            [.. asked.Where(a => a.Goal.Result is not null).Select(a => new KeyedBuildResult(a.Path, a.Goal.Result!))],
            hasFailed ? FailureStatus.Of(scheduler.Failures) : 0);
    }

    public BuildResult BuildDerivation(StorePath path, Derivation derivation, BuildMode mode, CancellationToken cancellation) =>
        Run(goals => [(DerivedPath.Of(path, OutputsSpec.All.Instance), goals.Resolved(path, derivation, OutputsSpec.All.Instance, mode))], cancellation)
            .Items.FirstOrDefault()?.Result
        ?? new BuildResult
        {
            Status = BuildStatus.MiscFailure,
            Failure = new Diagnostic(BuildErrors.Failed, $"build of '{store.Directory.Absolute(path)}' did not end"),
        };

    public void Ensure(StorePath path, CancellationToken cancellation)
    {
        if (!store.IsValid(path))
        {
            Requests.BuildAll([new DerivedPath.Opaque(path)], BuildMode.Normal, cancellation);
        }
    }

    public void Repair(StorePath path, CancellationToken cancellation)
    {
        if (Build([new DerivedPath.Opaque(path)], BuildMode.Repair, cancellation) is not { IsSuccess: false } results)
        {
            return;
        }

        if (store.Find(path)?.Deriver is not { } deriver || !store.IsValid(deriver))
        {
            throw new BuildException(BuildStatus.MiscFailure, $"cannot repair path '{store.Directory.Absolute(path)}'").WithExitStatus(results.FailureStatus);
        }

        Requests.BuildAll([DerivedPath.Of(deriver, OutputsSpec.All.Instance)], BuildMode.Repair, cancellation);
    }

    private BuildRunner Runner => _runner ??= new(
        store, settings, options, chambers,
        new OutputRegistrar(store, options.Keys, new OutputComparison(store, settings, log, options.Environment)),
        new NestedAccess(store, derivations, this, options.NestedDaemon), log, time);

    private BuildRequests Requests => new(this, store.Directory, log);

    private void Tell(Diagnostic failure) => BuildRequests.Tell(log, failure);
}
