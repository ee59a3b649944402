using System.Collections.Concurrent;
using System.Collections.Immutable;
using Firn.Building.Logs;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Closures;
using Firn.Store.Copying;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Building.Remote;

/// <summary>Builds on other machines: finds one that has room, takes the inputs there, and the outputs back.</summary>
/// <param name="store">Where inputs are and outputs go.</param>
/// <param name="machines">All there are.</param>
/// <param name="stores">Opens their stores.</param>
/// <param name="slots">Counts what they do.</param>
/// <param name="settings">How to build.</param>
/// <param name="log">Is told what happens.</param>
/// <param name="openLog">Opens what keeps the log of a derivation's build; gives null where none is kept.</param>
public sealed class RemoteBuilds(
    StoreParts store, ImmutableArray<Machine> machines, IMachineStores stores, MachineSlots slots, BuildSettings settings, IActivityLog log,
    Func<StorePath, LogFile?> openLog)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Machine, bool> _gone = new();

    /// <summary>How many builds all machines run for us at once.</summary>
    public int SlotCount => machines.Sum(m => m.MaxJobs);

    /// <summary>Tells whether there is a machine that could build something.</summary>
    public bool CanBuild(string system, IReadOnlySet<string> features) => Candidates(system, features).Count > 0;

    /// <summary>Says what was looked for, and where, for a person who wonders why no machine was found.</summary>
    public string Describe(StorePath path, string system, IReadOnlySet<string> features) =>
        $"Failed to find a machine for remote build!\nderivation: {path}\nrequired (system, features): ({system}, [{string.Join(", ", features)}])"
        + $"\n{machines.Length} available machines:\n(systems, maxjobs, supportedFeatures, mandatoryFeatures)"
        + string.Concat(machines.Select(m =>
            $"\n([{string.Join(", ", m.Systems)}], {m.MaxJobs}, [{string.Join(", ", m.SupportedFeatures)}], [{string.Join(", ", m.MandatoryFeatures)}])"));

    /// <summary>Waits for room on a machine; null when none is left that could do it, or there is room here.</summary>
    public (Machine Machine, IDisposable Slot)? TakeSlot(string system, IReadOnlySet<string> features, Func<bool> hasRoomHere, CancellationToken cancellation)
    {
        while (true)
        {
            if (Candidates(system, features) is not { Count: > 0 } candidates)
            {
                return null;
            }

            if (slots.TryTake(candidates) is { } taken)
            {
                return taken;
            }

            if (hasRoomHere())
            {
                return null;
            }

            cancellation.WaitHandle.WaitOne(_pause);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Builds on a machine, and returns what came of it; null when the machine went away, and is not asked again.</summary>
    public BuildResult? TryBuild(Machine machine, BuildJob job, CancellationToken cancellation)
    {
        var name = store.Directory.Absolute(job.Path);
        var activity = log.Start(Verbosity.Info, ActivityKind.Build, $"building '{name}' on '{machine.Uri}'", 0, name, machine.Uri, 1, 1);
        try
        {
            using var file = openLog(job.Path);
            var told = new RemoteLog(log, activity, file);
            using var there = stores.Open(machine, told, told.AddLine);
            return Build(machine, there, job, cancellation);
        }
        catch (Exception e) when (stores.IsGone(e) && !cancellation.IsCancellationRequested)
        {
            Forget(machine, e);
            return null;
        }
        finally
        {
            log.Stop(activity);
        }
    }

    /// <summary>Takes a slot of a machine that has room now; null when there is none.</summary>
    public (Machine Machine, IDisposable Slot)? TryTakeSlot(string system, IReadOnlySet<string> features) =>
        Candidates(system, features) is { Count: > 0 } candidates ? slots.TryTake(candidates) : null;

    /// <summary>Opens the store of a machine; null when it is not there, and is not asked again.</summary>
    public MachineStore? TryOpen(Machine machine, IActivityLog told, Action<string> onOutput)
    {
        try
        {
            return stores.Open(machine, told, onOutput);
        }
        catch (Exception e) when (stores.IsGone(e))
        {
            Forget(machine, e);
            return null;
        }
    }

    /// <summary>Builds on a machine that is there: takes the inputs to it and the outputs back.</summary>
    public BuildResult Build(Machine machine, MachineStore there, BuildJob job, CancellationToken cancellation)
    {
        Upload(machine, there, job.Inputs, cancellation);
        var result = Run(there, job, cancellation);
        if (!result.IsSuccess)
        {
            return Explain(machine, job, result);
        }

        var outputs = Outputs(job, result);
        Download(there, job, outputs.Values, cancellation);
        return result with { Outputs = outputs };
    }

    private void Forget(Machine machine, Exception error)
    {
        _gone[machine] = true;
        log.Write(Verbosity.Error, $"cannot build on '{machine.Uri}': {error.Message}");
    }

    private List<Machine> Candidates(string system, IReadOnlySet<string> features) =>
        [.. machines.Where(m => !_gone.ContainsKey(m) && m.CanBuild(system, features))];

    private void Upload(Machine machine, MachineStore there, IReadOnlyCollection<StorePath> paths, CancellationToken cancellation)
    {
        using var held = slots.LockUpload(machine, cancellation);
        var known = there.FindValid(paths, settings.BuildersUseSubstitutes);
        var missing = Closure.Sort(paths.Where(p => !known.Contains(p)), store.Infos, store.Directory).Reverse().ToList();
        if (missing.Count == 0)
        {
            return;
        }

        log.Write(Verbosity.Info, $"copying {missing.Count} paths to '{machine.Uri}'...");
        var import = new NarImport(Repair: false, ChecksSignatures: false);
        var objects = missing.ConvertAll(path => (Info: store.Infos.Get(path, store.Directory) with { IsUltimate = false, RegistrationTime = 0 },
            WriteNar: (Action<Stream>)(output => store.Nars.WriteNar(path, output))));
        if (there.Parts.NarSink is IManyNarSink many)
        {
            many.AddMany(objects, import);
            return;
        }

        foreach (var (info, write) in objects)
        {
            cancellation.ThrowIfCancellationRequested();
            using var nar = new PulledNar(write);
            there.Parts.NarSink.Add(info, nar, import);
        }
    }

    private BuildResult Run(MachineStore there, BuildJob job, CancellationToken cancellation)
    {
        var derivation = job.Derivation;
        var speaksForItself = derivation.Outputs.All(o => o.Output is DerivationOutput.FixedContent or DerivationOutput.FloatingContent or DerivationOutput.Impure);
        // Those who say nothing of trust are of a time when all were trusted.
        if (speaksForItself || there.Parts.Connection?.TrustsUs != false)
        {
            var resolved = derivation.InputDerivations.IsEmpty ? derivation : derivation with { InputDerivations = [], InputSources = [.. job.Inputs] };
            return there.Parts.Builds.BuildDerivation(job.Path, resolved, BuildMode.Normal, cancellation);
        }

        // Whoever does not trust us wants to see how the outputs' paths follow.
        Upload(there, job.Path, cancellation);
        var results = there.Parts.Builds.Build([DerivedPath.Of(job.Path, OutputsSpec.All.Instance)], BuildMode.Normal, cancellation);
        return results.Items is [var only, ..] ? only.Result : new BuildResult
        {
            Status = BuildStatus.MiscFailure,
            Failure = new Diagnostic(BuildErrors.Failed, "the other machine did not say what came of it"),
        };
    }

    private void Upload(MachineStore there, StorePath derivation, CancellationToken cancellation)
    {
        var closure = Closure.Of([derivation], store.Infos, store.Directory);
        var known = there.FindValid(closure, settings.BuildersUseSubstitutes);
        foreach (var path in Closure.Sort(closure.Where(p => !known.Contains(p)), store.Infos, store.Directory).Reverse())
        {
            cancellation.ThrowIfCancellationRequested();
            using var nar = store.Nars.OpenNar(path);
            there.Parts.NarSink.Add(
                store.Infos.Get(path, store.Directory) with { IsUltimate = false, RegistrationTime = 0 }, nar, new NarImport(Repair: false, ChecksSignatures: false));
        }
    }

    private BuildResult Explain(Machine machine, BuildJob job, BuildResult result)
    {
        if (settings.KeepFailed)
        {
            log.Write(
                Verbosity.Warning,
                "The failed build directory was kept on the remote builder due to `--keep-failed`."
                + (MachineMismatch.Find(job.Derivation, ImmutableHashSet<string>.Empty, settings with { MaxJobs = 1 }, ImmutableHashSet<string>.Empty) is null
                    ? " You can re-run the command with `--builders ''` to disable remote building for this invocation."
                    : ""));
        }

        var message = $"build of '{store.Directory.Absolute(job.Path)}' on '{machine.Uri}' failed: {result.Failure?.Message}";
        return result with { Failure = (result.Failure ?? new Diagnostic(BuildErrors.Of(result.Status), "")) with { Message = message } };
    }

    private static ImmutableSortedDictionary<string, StorePath> Outputs(BuildJob job, BuildResult result)
    {
        var outputs = result.Outputs.Clear();
        foreach (var (name, output) in job.Outputs)
        {
            outputs = outputs.SetItem(name, output.Path ?? result.Outputs.GetValueOrDefault(name) ?? throw new BuildException(
                BuildStatus.MiscFailure, $"the other machine did not say where it put the output '{name}'"));
        }

        return outputs;
    }

    private void Download(MachineStore there, BuildJob job, IEnumerable<StorePath> outputs, CancellationToken cancellation)
    {
        var known = job.Outputs.Values.Select(o => o.Path).OfType<StorePath>().ToHashSet();
        foreach (var path in Closure.Sort(outputs.Where(p => !store.Infos.IsValid(p)), there.Parts.Infos, store.Directory).Reverse())
        {
            cancellation.ThrowIfCancellationRequested();
            log.Write(Verbosity.Talkative, $"copying path '{store.Directory.Absolute(path)}' from '{there.Parts.Uri}'");
            var info = there.Parts.Infos.Get(path, store.Directory) with { IsUltimate = false, RegistrationTime = 0 };
            using var nar = there.Parts.Nars.OpenNar(path);
            // Those whose paths were known are locked by the one who builds, which is us.
            store.NarSink.Add(info, nar, new NarImport(Repair: false, ChecksSignatures: false) { HoldsLock = known.Contains(path) });
        }
    }
}
