using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.Local;
using Firn.Store.Substituting;

namespace Firn.Building.Scheduling;

/// <summary>All goals of one call, each once, and what they work with.</summary>
internal sealed class GoalSet
{
    private readonly Dictionary<string, Goal> _goals = new(StringComparer.Ordinal);
    private long _download;

    public required LocalStore Store { get; init; }

    public required DerivationSources Derivations { get; init; }

    public required IReadOnlyList<ISubstituter> Substituters { get; init; }

    public required BuildSettings Settings { get; init; }

    public required BuilderOptions Options { get; init; }

    public required KnownOutputs Outputs { get; init; }

    public required BuildFailures Failures { get; init; }

    public required BuildRunner Runner { get; init; }

    public required PostBuildHook Hook { get; init; }

    public required IActivityLog Log { get; init; }

    public required GoalScheduler Scheduler { get; init; }

    /// <summary>Notes that so many bytes will come over the network.</summary>
    public void ExpectDownload(long bytes)
    {
        if (bytes > 0)
        {
            Log.Report(0, ActivityEvent.SetExpected, (long)ActivityKind.FileTransfer, Interlocked.Add(ref _download, bytes));
        }
    }

    public Goal Of(DerivedPath wanted, BuildMode mode) => wanted is DerivedPath.Built built
        ? Derivation(built.Derivation, built.Outputs, mode)
        : Object(wanted.BasePath, mode == BuildMode.Repair);

    public SubstitutionGoal Object(StorePath path, bool repair = false, ContentAddress? address = null) =>
        Once($"object {repair} {path}", () => new SubstitutionGoal(this, path, repair, address));

    public DerivationGoal Derivation(SingleDerivedPath derivation, OutputsSpec outputs, BuildMode mode) => Once(
        $"outputs {mode} {derivation.ToString(Store.Directory)}^{outputs}", () => new DerivationGoal(this, derivation, outputs, mode, null));

    public DerivationGoal Resolved(StorePath path, Derivation derivation, OutputsSpec outputs, BuildMode mode) => Once(
        $"outputs {mode} {Store.Directory.Absolute(path)}^{outputs}",
        () => new DerivationGoal(this, new SingleDerivedPath.Opaque(path), outputs, mode, derivation));

    public BuildGoal Build(StorePath path, Derivation derivation, BuildMode mode, bool mustWrite) =>
        Once($"build {mode} {path}", () => new BuildGoal(this, path, derivation, mode, mustWrite));

    /// <summary>Remembers which path an output got, signed by the keys of this machine.</summary>
    public void Register(Realisation realisation) =>
        Store.Register(Options.Keys.Aggregate(realisation, (signed, key) => key.Sign(signed)));

    private T Once<T>(string key, Func<T> make)
        where T : Goal
    {
        if (_goals.TryGetValue(key, out var goal))
        {
            return (T)goal;
        }

        var made = make();
        _goals[key] = made;
        Scheduler.Add(made);
        return made;
    }
}
