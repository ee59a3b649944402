using Firn.Building.BuiltinBuilders;
using Firn.Building.Environments;
using Firn.Building.Logs;
using Firn.Building.Nesting;
using Firn.Building.Outputs;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Processes;
using Firn.Store.Local;
using Firn.Store.Local.Adding;

namespace Firn.Building.Running;

/// <summary>Builds one derivation here: makes its place, runs its builder, keeps its log, takes its outputs into the store.</summary>
public sealed class BuildRunner(
    LocalStore store, BuildSettings settings, BuilderOptions options, IBuildChambers chambers, OutputRegistrar registrar,
    NestedAccess nesting, IActivityLog log, TimeProvider time)
{
    private static readonly TimeSpan _userPause = TimeSpan.FromSeconds(1);

    private readonly BuildFailures _failures = new(store.Directory, options);
    private volatile bool _hasNoSandbox;

    /// <summary>Tells whether no sandbox will have the builder, so that the build ends as soon as it begins.</summary>
    public bool LacksBuilder(Derivation derivation) => !_hasNoSandbox && settings.PreBuildHook is null && !derivation.IsBuiltin
        && ExternalBuilder.Find(settings, derivation.Platform.ToString()) is null
        && !chambers.MayShow(derivation.Builder.ToString(), store.Directory);

    /// <summary>Builds, and returns what is known about the outputs; nothing of those that were only compared.</summary>
    /// <exception cref="BuildException">It could not be built.</exception>
    public IReadOnlyDictionary<string, PathInfo> Run(BuildJob job, CancellationToken cancellation)
    {
        var doing = job.Mode switch
        {
            BuildMode.Repair => "repairing outputs of",
            BuildMode.Check => "checking outputs of",
            _ => "building",
        };
        var name = store.Directory.Absolute(job.Path);
        log.Write(Verbosity.Chatty, $"executing builder '{job.Derivation.Builder}'");
        var activity = log.Start(Verbosity.Info, ActivityKind.Build, $"{doing} '{name}'", 0, name, "", 1, 1);
        try
        {
            return job.Derivation.IsBuiltin ? RunBuiltin(job, activity, cancellation) : RunInChamber(job, activity, cancellation);
        }
        finally
        {
            log.Stop(activity);
        }
    }

    private IReadOnlyDictionary<string, PathInfo> RunInChamber(BuildJob job, ulong activity, CancellationToken cancellation)
    {
        if (TryRun(job, activity, out var infos, cancellation) is not { } missing)
        {
            return infos;
        }

        _hasNoSandbox = true;
        log.Write(Verbosity.Warning, $"this system allows no sandbox, so builds go on without one ({missing.Message})");
        _ = TryRun(job, activity, out infos, cancellation);
        return infos;
    }

    /// <summary>Builds; returns why there is no sandbox when the build may be tried without.</summary>
    private SetupFailure? TryRun(BuildJob job, ulong activity, out IReadOnlyDictionary<string, PathInfo> infos, CancellationToken cancellation)
    {
        using var chamber = Open(job, cancellation);
        var scratch = ScratchOutputs.Choose(job, store.Directory, chamber.HidesOutputs);
        infos = new Dictionary<string, PathInfo>();
        if (!chamber.HidesOutputs && PathStatus.Exists("/homeless-shelter"))
        {
            throw new BuildException(
                BuildStatus.MiscFailure,
                "home directory \"/homeless-shelter\" exists; please remove it to assure purity of builds without sandboxing");
        }

        try
        {
            RemoveLeftovers(job, scratch);
            using var nested = nesting.TryOpen(job, chamber);
            var (end, tail, failure) = Execute(job, scratch, chamber, nested, activity, cancellation);
            // What it asked for last is still on its way only if nobody waits for it.
            nested?.Dispose();
            switch (failure)
            {
                case { CanRetryOutside: true }:
                    return failure;
                case { IsBuilderMissing: false }:
                    throw new BuildException(BuildStatus.MiscFailure, new Diagnostic(BuildErrors.Sandbox, failure.Message));
            }

            if (!end.IsSuccess)
            {
                throw _failures.Builder(job, end, tail, DiskSpace.IsFull(store.Layout.RealStoreDirectory));
            }

            var seen = nested is null ? job : job with { Inputs = job.Inputs.Union(nested.Added) };
            infos = registrar.Register(seen, scratch, new OutputPlace(
                chamber.RealPath, chamber.Users is { } users ? new UserRange(users.First, users.Last) : null, MayBeHeldOpen: true));
            return null;
        }
        catch (BuildException e) when (settings.KeepFailed || options.DebugShell is not null)
        {
            if (e.Status is BuildStatus.PermanentFailure or BuildStatus.TransientFailure or BuildStatus.OutputRejected)
            {
                options.DebugShell?.Run(job, chamber, Command(job, scratch, MakeEnvironment(job, scratch, chamber, null)), store.Directory, log, e.Diagnostic);
            }

            if (settings.KeepFailed)
            {
                Keep(job, scratch, chamber);
            }

            throw;
        }
        finally
        {
            RemoveRedirected(scratch);
        }
    }

    private void Keep(BuildJob job, ScratchOutputs scratch, IBuildChamber chamber)
    {
        log.Write(Verbosity.Error, $"note: keeping build directory \"{chamber.KeepBuildDirectory()}\"");
        if (job.Mode == BuildMode.Normal)
        {
            chamber.KeepOutputs(scratch.Paths.Values);
        }
    }

    private IBuildChamber Open(BuildJob job, CancellationToken cancellation)
    {
        var request = new ChamberRequest
        {
            Path = job.Path,
            Derivation = job.Derivation,
            Options = job.Options,
            Directory = store.Directory,
            RealStoreDirectory = store.Layout.RealStoreDirectory,
            StateDirectory = store.Layout.StateDirectory,
            Inputs = job.Inputs,
            KnownOutputs = [.. job.Outputs.Values.Select(o => o.Path).OfType<StorePath>()],
            FindClosure = path => store.IsValid(path) ? store.Closure.Of([path]) : [],
            BuildsDirectory = settings.BuildDir,
            PreBuildHook = settings.PreBuildHook,
            SystemFeatures = settings.SystemFeatures,
            CertificateFile = options.CertificateFile,
            External = ExternalBuilder.Find(settings, job.Derivation.Platform.ToString()),
            WithoutSandbox = _hasNoSandbox,
        };
        ulong waiting = 0;
        while (true)
        {
            if (chambers.TryOpen(request) is { } chamber)
            {
                if (waiting != 0)
                {
                    log.Stop(waiting);
                }

                return chamber;
            }

            if (waiting == 0)
            {
                waiting = log.Start(
                    Verbosity.Warning, ActivityKind.BuildWaiting,
                    $"waiting for a free build user ID for '{store.Directory.Absolute(job.Path)}'", 0);
            }

            cancellation.WaitHandle.WaitOne(_userPause);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private (ProcessEnd End, IReadOnlyCollection<string> Tail, SetupFailure? Failure) Execute(
        BuildJob job, ScratchOutputs scratch, IBuildChamber chamber, NestedSession? nested, ulong activity, CancellationToken cancellation)
    {
        var environment = MakeEnvironment(job, scratch, chamber, nested);
        foreach (var (file, content) in environment.Files)
        {
            chamber.AddFile(file, content.Span);
        }

        using var file2 = LogFile.Open(store.Layout, job.Path, settings);
        using var terminal = PseudoTerminal.Open(chamber.Users?.First);
        var buildLog = new BuildLog(log, activity, settings.LogLines);
        ChildProcess child;
        try
        {
            child = chamber.Start(Command(job, scratch, environment), terminal);
        }
        catch (ProcessException e)
        {
            var message = System.Text.Encoding.UTF8.GetBytes(e.Message + "\n");
            buildLog.Write(message);
            file2?.Write(message);
            return (ProcessEnd.OfExitCode(1), buildLog.Tail, null);
        }

        using (child)
        {
            terminal.Theirs.Dispose();
            var end = Watch(job, chamber, child, terminal, buildLog, file2, cancellation);
            buildLog.Finish();
            return (end, buildLog.Tail, end.IsSuccess ? null : chamber.FindSetupFailure(buildLog.Tail));
        }
    }

    private static BuilderCommand Command(BuildJob job, ScratchOutputs scratch, BuilderEnvironment environment) => new(
        scratch.Rewrites.Apply(job.Derivation.Builder), [.. job.Derivation.Arguments.Select(scratch.Rewrites.Apply)], environment.Variables) { Outputs = scratch.Paths };

    private ProcessEnd Watch(
        BuildJob job, IBuildChamber chamber, ChildProcess child, PseudoTerminal terminal, BuildLog buildLog, LogFile? file, CancellationToken cancellation)
    {
        static TimeSpan? Limit(TimeSpan limit) => limit > TimeSpan.Zero ? limit : null;
        var size = 0L;
        OutputEnd end;
        try
        {
            end = OutputPump.Run(child, terminal.Ours, output =>
            {
                size += output.Length;
                if (settings.MaxBuildLogSize > 0 && size > settings.MaxBuildLogSize)
                {
                    return false;
                }

                buildLog.Write(output);
                file?.Write(output);
                return true;
            }, new OutputLimits(Limit(settings.MaxSilentTime), Limit(settings.Timeout)), time, cancellation);
        }
        catch
        {
            chamber.Stop(child);
            throw;
        }

        var ended = chamber.Stop(child);
        cancellation.ThrowIfCancellationRequested();
        return end switch
        {
            OutputEnd.Silent => throw BuildFailures.Timeout(settings.MaxSilentTime),
            OutputEnd.TimedOut => throw BuildFailures.Timeout(settings.Timeout),
            OutputEnd.Stopped => throw _failures.LogTooLong(job.Path, settings.MaxBuildLogSize),
            _ => ended,
        };
    }

    private BuilderEnvironment MakeEnvironment(BuildJob job, ScratchOutputs scratch, IBuildChamber chamber, NestedSession? nested) => BuilderEnvironment.Make(
        new EnvironmentSource
        {
            Derivation = job.Derivation,
            Options = job.Options,
            Directory = store.Directory,
            BuildDirectory = chamber.BuildDirectory,
            StoreUri = nested?.Uri,
            Cores = settings.Cores > 0 ? settings.Cores : Environment.ProcessorCount,
            Graphs = [.. job.Options.ExportReferencesGraph.Select(g => new ReferenceGraphs(store).Find(g, job.Inputs))],
            ImpureVariables = job.IsIsolated
                ? new Dictionary<string, string>()
                : job.Options.ImpureEnvVars.Distinct().ToDictionary(n => n, chambers.FindImpureVariable),
        },
        scratch.Rewrites);

    private IReadOnlyDictionary<string, PathInfo> RunBuiltin(BuildJob job, ulong activity, CancellationToken cancellation)
    {
        var builder = job.Derivation.Builder.ToString();
        var scratch = ScratchOutputs.Choose(job, store.Directory, hidesOutputs: false);
        var buildLog = new BuildLog(log, activity, settings.LogLines);
        using var file = LogFile.Open(store.Layout, job.Path, settings);
        void Print(string line)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(line + "\n");
            buildLog.Write(bytes);
            file?.Write(bytes);
        }

        try
        {
            RemoveLeftovers(job, scratch);
            var run = BuiltinBuilderTable.Find(builder["builtin:".Length..])
                ?? throw BuiltinBuild.Failed($"unsupported builtin builder '{builder["builtin:".Length..]}'");
            run(new BuiltinBuild
            {
                Derivation = job.Derivation,
                Directory = store.Directory,
                Outputs = scratch.Paths.ToDictionary(p => p.Key, p => store.Layout.RealPath(p.Value)),
                RealPath = store.Layout.RealPath,
                CertificateFile = options.CertificateFile,
                NetrcFile = options.NetrcFile,
                Environment = name => options.Environment.GetValueOrDefault(name),
                ReadsAsStranger = chambers.HasBuildUsers,
                VisiblePaths = chambers.HostPaths is { } paths ? [.. job.Inputs.Select(store.Layout.RealPath), .. paths] : null,
                HashedMirrors = settings.HashedMirrors,
                Print = Print,
                Cancellation = cancellation,
            });
            // Nobody but this process has touched them.
            return registrar.Register(job, scratch, new OutputPlace(store.Layout.RealPath, null, MayBeHeldOpen: false));
        }
        catch (Exception e) when (e is BuildException { Status: BuildStatus.PermanentFailure }
            || (e is FirnException and not BuildException) || e is InvalidDataException or IOException)
        {
            Print($"error: {e.Message}");
            throw _failures.Builder(job, ProcessEnd.OfExitCode(1), buildLog.Tail, isDiskFull: false);
        }
        finally
        {
            RemoveRedirected(scratch);
        }
    }

    /// <summary>Makes room where the builder is to write: a build that failed may have left something at a path that is not the final one.</summary>
    private void RemoveLeftovers(BuildJob job, ScratchOutputs scratch)
    {
        RemoveRedirected(scratch);
        foreach (var (name, path) in scratch.Paths)
        {
            if (job.Outputs[name].Path is null)
            {
                FileTree.Delete(store.Layout.RealPath(path));
            }
        }
    }

    private void RemoveRedirected(ScratchOutputs scratch)
    {
        foreach (var path in scratch.Redirected)
        {
            FileTree.Delete(store.Layout.RealPath(path));
        }
    }
}
