using Firn.Building.Outputs;
using Firn.Building.Planning;
using Firn.Building.Running;
using Firn.Building.Scheduling;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Store.Local;
using Firn.Store.Substituting;

namespace Firn.Building;

/// <summary>Makes store objects valid, by substitution or by building, in parallel.</summary>
public sealed class Builder(
    LocalStore store, IReadOnlyList<ISubstituter> substituters, BuildSettings settings, BuilderOptions options, IBuildChambers chambers,
    IActivityLog log, TimeProvider time)
{
    private readonly IReadOnlyList<ISubstituter> _substituters = options.UsesSubstitutes ? substituters : [];

    private readonly BuildRunner _runner = new(
        store, settings, options, chambers,
        new OutputRegistrar(store, options.Keys, new OutputComparison(store, settings, log, options.Environment)), log, time);

    /// <summary>Tells what would be built and fetched to make valid what is wanted.</summary>
    public BuildPlan Plan(IEnumerable<DerivedPath> wanted) => new BuildPlanner(
        new StoreKnowledge(store, _substituters, new KnownOutputs(store, options.AllowsContentAddressing)),
        store.Directory, settings.AlwaysAllowSubstitutes).Plan(wanted);

    /// <summary>Makes what is wanted valid, and tells for each what came of it; failures of what they need are told to the log.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation)
    {
        var scheduler = new GoalScheduler(
            settings.KeepGoing, settings.MaxJobs, settings.MaxSubstitutionJobs,
            Tell, cancellation);
        var goals = new GoalSet
        {
            Store = store,
            Substituters = _substituters,
            Settings = settings,
            Options = options,
            Outputs = new KnownOutputs(store, options.AllowsContentAddressing),
            Failures = new BuildFailures(store.Directory, options),
            Runner = _runner,
            Hook = new PostBuildHook(store.Directory, settings, options, log),
            Log = log,
            Scheduler = scheduler,
        };
        var asked = wanted.Select(w => (Path: w, Goal: goals.Of(w, mode))).ToList();
        scheduler.Run([.. asked.Select(a => a.Goal).Distinct()]);
        var hasFailed = asked.Any(a => a.Goal.Result is null or { IsSuccess: false });
        return new BuildResults(
            [.. asked.Where(a => a.Goal.Result is not null).Select(a => new KeyedBuildResult(a.Path, a.Goal.Result!))],
            hasFailed ? FailureStatus.Of(scheduler.Failures) : 0);
    }

    /// <summary>Makes what is wanted valid.</summary>
    /// <exception cref="BuildException">Not all could be built; when several failed, the log was told of each.</exception>
    public BuildResults BuildAll(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation)
    {
        var results = Build(wanted, mode, cancellation);
        if (results.IsSuccess)
        {
            return results;
        }

        var failed = results.Items.Where(i => !i.Result.IsSuccess).DistinctBy(i => i.Path).ToList();
        // Those that were given up because another failed count as failed too.
        var names = wanted.Except(results.Items.Where(i => i.Result.IsSuccess).Select(i => i.Path))
            .Select(p => p is DerivedPath.Built built ? built.Derivation.ToString(store.Directory) : p.ToString(store.Directory))
            .Distinct().Order(Utf8Order.Comparer).ToList();
        if (names.Count == 1)
        {
            throw new BuildException(failed[0].Result.Status, failed[0].Result.Failure!).WithExitStatus(results.FailureStatus);
        }

        foreach (var item in failed)
        {
            Tell(item.Result.Failure!);
        }

        throw new BuildException(BuildStatus.MiscFailure, $"build of {string.Join(", ", names.Select(n => $"'{n}'"))} failed")
            .WithExitStatus(results.FailureStatus);
    }

    /// <summary>Makes what is wanted valid, as the subcommands of <c>nix</c> do: whatever failed, the status is 1.</summary>
    /// <exception cref="BuildException">Not all could be built; when several failed, the log was told of each.</exception>
    public BuildResults BuildInstallables(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation)
    {
        var results = Build(wanted, mode, cancellation);
        var failed = results.Items.Where(i => !i.Result.IsSuccess).DistinctBy(i => i.Path).ToList();
        if (failed is [var only])
        {
            throw new BuildException(only.Result.Status, only.Result.Failure!).WithExitStatus(1);
        }

        foreach (var item in failed)
        {
            Tell(item.Result.Failure!);
        }

        return failed.Count == 0 ? results : throw new BuildException(
            BuildStatus.MiscFailure,
            $"build of {string.Join(", ", failed.Select(f => f.Path.ToString(store.Directory)).Order(Utf8Order.Comparer).Select(n => $"'{n}'"))} failed")
            .WithExitStatus(1);
    }

    /// <summary>Makes an object valid that is not, from a substituter.</summary>
    /// <exception cref="BuildException">There is none that has it.</exception>
    public void Ensure(StorePath path, CancellationToken cancellation)
    {
        if (!store.IsValid(path))
        {
            BuildAll([new DerivedPath.Opaque(path)], BuildMode.Normal, cancellation);
        }
    }

    /// <summary>Makes an object anew whose content is damaged: from a substituter, or by building it again.</summary>
    /// <exception cref="BuildException">Neither is possible.</exception>
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

        BuildAll([DerivedPath.Of(deriver, OutputsSpec.All.Instance)], BuildMode.Repair, cancellation);
    }

    // Worded as the error that ends the program, as each could have been that.
    private void Tell(Diagnostic failure) =>
        log.Write(Verbosity.Error, "error: " + failure.Message.Replace("\n", "\n       ", StringComparison.Ordinal));
}
