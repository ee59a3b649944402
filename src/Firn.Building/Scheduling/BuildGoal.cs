using System.Collections.Immutable;
using Firn.Building.Options;
using Firn.Building.Remote;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Files;
using Firn.Store.Derivations;
using Firn.Store.Local.Locking;

namespace Firn.Building.Scheduling;

/// <summary>A derivation that is to be built here and now, all its outputs at once; the derivations it needs are built.</summary>
internal sealed class BuildGoal(GoalSet goals, StorePath path, Derivation derivation, BuildMode mode, bool mustWrite)
    : Goal($"e${path.Name}${path}")
{
    private StoreDirectory Directory => goals.Store.Directory;

    protected override void Begin(GoalScheduler scheduler)
    {
        goals.Derivations.Fetch(derivation.InputSources, goals.Log, scheduler.Cancellation);
        var missing = derivation.InputSources.Where(s => !goals.Store.IsValid(s)).ToList();
        if (missing is [var first, ..] && goals.Substituters.Count == 0)
        {
            Fail(scheduler, new BuildException(
                BuildStatus.MiscFailure,
                $"dependency '{Directory.Absolute(first)}' of '{Directory.Absolute(path)}' does not exist, and "
                + (goals.Options.UsesSubstitutes ? "there is no substituter that has it" : "substitution is disabled")));
            return;
        }

        Await(scheduler, [.. missing.Select(s => goals.Object(s))], () =>
        {
            if (Failed > 0)
            {
                Fail(scheduler, goals.Failures.Dependencies(path, derivation, Failed));
                return;
            }

            Run(scheduler);
        });
    }

    private void Run(GoalScheduler scheduler)
    {
        var options = DerivationOptions.Read(derivation, Directory, isResolved: true);
        var available = goals.Options.AllowsContentAddressing
            ? goals.Settings.SystemFeatures.Add("ca-derivations")
            : goals.Settings.SystemFeatures;
        var features = options.FeaturesFor(derivation);
        var mismatch = MachineMismatch.Find(derivation, features, goals.Settings, available);
        // Other machines neither check nor repair, and what is quickly made is not worth the way there.
        var staysHere = (mode != BuildMode.Normal || (options.PrefersLocalBuild && mismatch is null)) && goals.Settings.MaxJobs > 0;
        if (goals.Options.Remote is not { } remote || staysHere)
        {
            RunHere(scheduler, options, mismatch);
        }
        else if (!remote.CanBuild(derivation.Platform.ToString(), features))
        {
            goals.Log.Write(mismatch is null ? Verbosity.Chatty : Verbosity.Warning, remote.Describe(path, derivation.Platform.ToString(), features));
            RunHere(scheduler, options, mismatch);
        }
        else
        {
            bool HasRoomHere() => mismatch is null && scheduler.HasRoom(JobKind.Build);
            scheduler.RunJob(this, JobKind.RemoteBuild, token => BuildThere(remote, options, features, HasRoomHere, token), result =>
            {
                if (result is null)
                {
                    RunHere(scheduler, options, mismatch);
                }
                else
                {
                    Finish(scheduler, result);
                }
            });
        }
    }

    private void RunHere(GoalScheduler scheduler, DerivationOptions options, MachineMismatch? mismatch)
    {
        if (mismatch is not null)
        {
            Fail(scheduler, goals.Failures.Rejected(path, mismatch));
            return;
        }

        if (goals.Runner.LacksBuilder(derivation))
        {
            // Before anything else is begun: the same build always fails in the same words.
            Finish(scheduler, WithWaiting(Build(options, scheduler.Cancellation)));
            return;
        }

        scheduler.RunJob(this, JobKind.Build, token => Build(options, token), result => Finish(scheduler, WithWaiting(result)));
    }

    private BuildResult WithWaiting(BuildResult result)
    {
        if (result is not { Failure: { } failure, Status: BuildStatus.PermanentFailure or BuildStatus.TransientFailure or BuildStatus.OutputRejected })
        {
            return result;
        }

        var waiting = new List<StorePath>();
        for (Goal? goal = this; goal is not null; goal = goal.Waiters.Count > 0 ? goal.Waiters[0].Goal : null)
        {
            if (goal is DerivationGoal { Path: { } needing } && !needing.Equals(path) && !waiting.Contains(needing))
            {
                waiting.Add(needing);
            }
        }

        return result with { Failure = goals.Failures.WithWaiting(failure, path, waiting) };
    }

    /// <summary>Builds on another machine, and on the next when it goes away; null when it is to be built here.</summary>
    private BuildResult? BuildThere(
        RemoteBuilds remote, DerivationOptions options, IReadOnlySet<string> features, Func<bool> hasRoomHere, CancellationToken cancellation)
    {
        while (remote.TakeSlot(derivation.Platform.ToString(), features, hasRoomHere, cancellation) is var (machine, slot))
        {
            using (slot)
            {
                if (Prepared(options, (job, locks) => BuildOn(remote, machine, job, locks, cancellation), cancellation) is { } result)
                {
                    return result;
                }
            }
        }

        return null;
    }

    private BuildResult? BuildOn(RemoteBuilds remote, Machine machine, BuildJob job, PathLocks locks, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var result = remote.TryBuild(machine, job, cancellation);
        return result is { IsSuccess: true } ? Register(job, result.Outputs, locks, started) : result;
    }

    /// <summary>Builds, on a thread of its own.</summary>
    private BuildResult Build(DerivationOptions options, CancellationToken cancellation) =>
        Prepared(options, (job, locks) => Build(job, locks, cancellation), cancellation)!;

    /// <summary>Locks the outputs and makes room for them, unless somebody else made them; failures become results.</summary>
    private BuildResult? Prepared(DerivationOptions options, Func<BuildJob, PathLocks, BuildResult?> build, CancellationToken cancellation)
    {
        try
        {
            if (mustWrite)
            {
                goals.Store.AddDerivation(derivation, goals.Store.Directory);
            }

            using var locks = Lock(cancellation);
            var outputs = FindOutputs();
            if (mode != BuildMode.Check && outputs.Values.All(o => o.IsValid))
            {
                // Somebody else built it while we waited.
                locks.RemovesFiles = true;
                return Success(BuildStatus.AlreadyValid, outputs.ToImmutableSortedDictionary(o => o.Key, o => o.Value.Path!, Utf8Order.Comparer));
            }

            foreach (var output in outputs.Values.Where(o => o.State == OutputState.Absent && o.Path is not null))
            {
                FileTree.Delete(goals.Store.Layout.RealPath(output.Path!));
            }

            return build(new BuildJob
            {
                Path = path,
                Derivation = derivation,
                Options = options,
                Mode = mode,
                Inputs = Inputs(),
                Outputs = outputs,
            }, locks);
        }
        catch (FirnException e)
        {
            return new BuildResult { Status = e is BuildException failure ? failure.Status : BuildStatus.MiscFailure, Failure = e.Diagnostic };
        }
    }

    private BuildResult Build(BuildJob job, PathLocks locks, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var infos = goals.Runner.Run(job, cancellation);
        return Register(job, infos.ToDictionary(i => i.Key, i => i.Value.Path), locks, started);
    }

    /// <summary>Records what was made, and tells the hook.</summary>
    private BuildResult Register(BuildJob job, IReadOnlyDictionary<string, StorePath> made, PathLocks locks, long started)
    {
        if (goals.Options.AllowsContentAddressing && !job.IsImpure)
        {
            foreach (var (name, output) in made)
            {
                goals.Register(new Realisation(goals.Outputs.Id(derivation, name), output));
            }
        }

        var built = job.Outputs.Where(o => made.ContainsKey(o.Key) || o.Value.Path is not null).ToImmutableSortedDictionary(
            o => o.Key, o => made.TryGetValue(o.Key, out var found) ? found : o.Value.Path!, Utf8Order.Comparer);
        foreach (var output in built.Values)
        {
            goals.Outputs.MarkGood(output);
        }

        goals.Hook.Run(path, built.Values);
        locks.RemovesFiles = true;
        return Success(BuildStatus.Built, built) with
        {
            TimesBuilt = 1,
            StartTime = started,
            StopTime = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        };
    }

    private PathLocks Lock(CancellationToken cancellation)
    {
        var files = derivation.Outputs.Select(o => o.Output.FindPath(Directory, derivation.Name, o.Name) is { } known
            ? goals.Store.Layout.RealPath(known)
            : $"{goals.Store.Layout.RealPath(path)}.{o.Name}").ToList();
        ulong waiting = 0;
        try
        {
            while (true)
            {
                if (PathLocks.TryAcquire(files) is { } locks)
                {
                    return locks;
                }

                if (waiting == 0)
                {
                    waiting = goals.Log.Start(
                        Verbosity.Warning, ActivityKind.BuildWaiting,
                        $"waiting for lock on {string.Join(", ", files.Order(Utf8Order.Comparer).Select(f => $"'{f}'"))}", 0);
                }

                // Another process builds the same; it may well be done soon.
                cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(Math.Clamp(goals.Settings.BuildPollInterval.TotalSeconds, 0.05, 1)));
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            if (waiting != 0)
            {
                goals.Log.Stop(waiting);
            }
        }
    }

    private ImmutableSortedDictionary<string, InitialOutput> FindOutputs() => derivation.Outputs.ToImmutableSortedDictionary(
        o => o.Name, o => goals.Outputs.Find(path, derivation, o.Name, checksContent: mode == BuildMode.Repair), Utf8Order.Comparer);

    private ImmutableSortedSet<StorePath> Inputs()
    {
        var roots = new List<StorePath>(derivation.InputSources);
        foreach (var input in derivation.InputDerivations)
        {
            foreach (var name in input.Outputs.Names)
            {
                roots.Add(goals.Outputs.FindPath(new SingleDerivedPath.Built(new SingleDerivedPath.Opaque(input.Path), name))
                    ?? throw new BuildException(
                        BuildStatus.MiscFailure,
                        $"derivation '{Directory.Absolute(path)}' requires non-existent output '{name}' from input derivation '{Directory.Absolute(input.Path)}'"));
            }
        }

        return [.. goals.Store.Closure.Of(roots)];
    }

    private void Fail(GoalScheduler scheduler, BuildException error) =>
        Finish(scheduler, new BuildResult { Status = error.Status, Failure = error.Diagnostic });

    private static BuildResult Success(BuildStatus status, ImmutableSortedDictionary<string, StorePath> outputs) =>
        new() { Status = status, Outputs = outputs };
}
