using System.Collections.Immutable;
using Firn.Building.Options;
using Firn.Building.Planning;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Store;
using Firn.Store.Builds;
using Firn.Store.Closures;
using Firn.Store.Derivations;
using Firn.Store.PathInfos;
using Firn.Store.Realisations;
using Firn.Store.Substituting;

namespace Firn.Building.Remote;

/// <summary>Builds for a store in which nothing can be built, such as a binary cache: all of it on other machines.</summary>
/// <param name="store">Where inputs are and outputs go.</param>
/// <param name="remote">The machines; null when there are none.</param>
/// <param name="allowsContentAddressing">Whether outputs may be named by their content.</param>
/// <param name="log">Is told what happens.</param>
public sealed class RelayedBuilds(StoreParts store, RemoteBuilds? remote, bool allowsContentAddressing, IMessageLog log) : IBuilds
{
    private readonly OutputIds _ids = new(store.Derivations, store.Directory);

    public BuildPlan Plan(IEnumerable<DerivedPath> wanted) => new BuildPlanner(new Knowledge(store, FindPath), store.Directory, fetchesAll: false).Plan(wanted);

    public BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation)
    {
        if (mode != BuildMode.Normal)
        {
            throw new StoreException(StoreErrors.Unsupported, $"store '{store.Uri}' cannot check or repair by building");
        }

        var plan = Plan(wanted);
        var built = RunAll(plan, cancellation);
        foreach (var (_, inner) in built.Where(b => b.Value is { IsSuccess: false, Status: not BuildStatus.DependencyFailed } && !wanted.Any(w => w.BasePath.Equals(b.Key))))
        {
            BuildRequests.Tell(log, inner.Failure!);
        }

        var results = wanted.Select(w => new KeyedBuildResult(w, Result(w, plan, built))).ToImmutableArray();
        var failed = results.Where(r => !r.Result.IsSuccess).Select(r => r.Result.Status).ToList();
        return new BuildResults(results, failed.Count == 0 ? 0 : FailureStatus.Of(failed));
    }

    public BuildResult BuildDerivation(StorePath path, Derivation derivation, BuildMode mode, CancellationToken cancellation) =>
        RunOne(path, derivation, cancellation);

    public void Ensure(StorePath path, CancellationToken cancellation)
    {
        if (!store.Infos.IsValid(path))
        {
            throw StoreException.NotValid(path, store.Directory);
        }
    }

    public void Repair(StorePath path, CancellationToken cancellation) =>
        throw new StoreException(StoreErrors.Unsupported, $"store '{store.Uri}' cannot repair by building");

    /// <summary>Builds all, each when what it needs is there, as many at once as the machines take.</summary>
    private Dictionary<StorePath, BuildResult> RunAll(BuildPlan plan, CancellationToken cancellation)
    {
        var results = new Dictionary<StorePath, BuildResult>();
        var left = plan.WillBuild.Select(p => (Path: p, Derivation: store.Derivations.Read(p))).ToList();
        var pending = left.Select(l => l.Path).ToHashSet();
        var workers = Enumerable.Range(0, Math.Clamp(remote?.SlotCount ?? 1, 1, Math.Max(1, left.Count))).Select(_ => new Thread(Work) { IsBackground = true }).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        cancellation.ThrowIfCancellationRequested();
        return results;

        void Work()
        {
            while (Next() is var (path, derivation))
            {
                BuildResult result;
                try
                {
                    result = FailedInput(path, derivation) ?? RunOne(path, derivation, cancellation);
                }
                catch (OperationCanceledException)
                {
                    result = new BuildResult { Status = BuildStatus.MiscFailure, Failure = new Diagnostic(BuildErrors.Failed, "interrupted") };
                }
                catch (FirnException e)
                {
                    result = new BuildResult { Status = (e as BuildException)?.Status ?? BuildStatus.MiscFailure, Failure = e.Diagnostic };
                }

                lock (results)
                {
                    results[path] = result;
                    pending.Remove(path);
                    Monitor.PulseAll(results);
                }
            }
        }

        (StorePath Path, Derivation Derivation)? Next()
        {
            lock (results)
            {
                while (left.Count > 0 && !cancellation.IsCancellationRequested)
                {
                    var ready = left.FindIndex(l => !l.Derivation.InputDerivations.Any(i => pending.Contains(i.Path)));
                    if (ready >= 0)
                    {
                        var found = left[ready];
                        left.RemoveAt(ready);
                        return found;
                    }

                    Monitor.Wait(results);
                }

                Monitor.PulseAll(results);
                return null;
            }
        }

        BuildResult? FailedInput(StorePath path, Derivation derivation)
        {
            lock (results)
            {
                var failed = derivation.InputDerivations.Count(i => results.TryGetValue(i.Path, out var input) && !input.IsSuccess);
                return failed == 0 ? null : new BuildResult
                {
                    Status = BuildStatus.DependencyFailed,
                    Failure = new Diagnostic(BuildErrors.DependencyFailed,
                        $"Cannot build '{store.Directory.Absolute(path)}'.\nReason: {failed} {(failed == 1 ? "dependency" : "dependencies")} failed."),
                };
            }
        }
    }

    private BuildResult RunOne(StorePath path, Derivation derivation, CancellationToken cancellation)
    {
        var (place, resolved) = Resolve(path, derivation);
        var options = DerivationOptions.Read(resolved, store.Directory, isResolved: true);
        var features = options.FeaturesFor(resolved);
        var job = new BuildJob
        {
            Path = place,
            Derivation = resolved,
            Options = options,
            Mode = BuildMode.Normal,
            Inputs = [.. Closure.Of([.. resolved.InputSources, .. Inputs(resolved)], store.Infos, store.Directory)],
            Outputs = resolved.Outputs.ToImmutableSortedDictionary(o => o.Name, o => Initial(place, resolved, o.Name), Utf8Order.Comparer),
        };
        while (remote?.TakeSlot(resolved.Platform.ToString(), features, () => false, cancellation) is var (machine, slot))
        {
            using (slot)
            {
                if (remote.TryBuild(machine, job, cancellation) is { } result)
                {
                    return result.IsSuccess ? Register(path, derivation, place, resolved, result) : result;
                }
            }
        }

        throw new BuildException(
            BuildStatus.InputRejected,
            $"cannot build '{store.Directory.Absolute(path)}': nothing can be built in the store '{store.Uri}' itself, and there is no other machine for it"
            + (remote is null ? "; name one with '--builders'" : "\n" + remote.Describe(path, resolved.Platform.ToString(), features)));
    }

    private (StorePath Path, Derivation Derivation) Resolve(StorePath path, Derivation derivation)
    {
        if (!DerivationResolver.IsNeeded(derivation, allowsContentAddressing))
        {
            return (path, derivation);
        }

        var resolved = DerivationResolver.Resolve(derivation, store.Directory, FindPath)
            ?? throw new BuildException(BuildStatus.MiscFailure, $"'{store.Directory.Absolute(path)}' needs an output whose path is not known");
        return (store.DerivationSink.AddDerivation(resolved, store.Directory), resolved);
    }

    private BuildResult Register(StorePath path, Derivation derivation, StorePath place, Derivation resolved, BuildResult result)
    {
        if (allowsContentAddressing && store.HasRealisations)
        {
            foreach (var (name, output) in result.Outputs)
            {
                store.Realisations.Register(new Realisation(_ids.Of(resolved, name), output));
                if (!place.Equals(path))
                {
                    store.Realisations.Register(new Realisation(_ids.Of(derivation, name), output));
                }
            }
        }

        return result;
    }

    private BuildResult Result(DerivedPath wanted, BuildPlan plan, Dictionary<StorePath, BuildResult> built)
    {
        if (wanted is DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var path), Outputs: var outputs } && store.Infos.IsValid(path))
        {
            var names = outputs.Select(store.Derivations.Read(path)).ToHashSet();
            var result = built.GetValueOrDefault(path) ?? new BuildResult { Status = BuildStatus.AlreadyValid, Outputs = Known(path) };
            return result with { Outputs = result.Outputs.RemoveRange(result.Outputs.Keys.Where(n => !names.Contains(n))) };
        }

        return wanted is DerivedPath.Opaque && !plan.Unknown.Contains(wanted.BasePath)
            ? new BuildResult { Status = BuildStatus.AlreadyValid }
            : new BuildResult
            {
                Status = BuildStatus.NoSubstituters,
                Failure = new Diagnostic(BuildErrors.NoSubstituter, $"path '{store.Directory.Absolute(wanted.BasePath)}' is required, but there is no substituter that can build it"),
            };
    }

    private ImmutableSortedDictionary<string, StorePath> Known(StorePath path)
    {
        var derivation = store.Derivations.Read(path);
        return derivation.Outputs.Select(o => (o.Name, Path: FindPath(derivation, o.Name))).Where(o => o.Path is not null)
            .ToImmutableSortedDictionary(o => o.Name, o => o.Path!, Utf8Order.Comparer);
    }

    private IEnumerable<StorePath> Inputs(Derivation derivation) => derivation.InputDerivations.SelectMany(i => i.Outputs.Names.Select(n =>
        FindPath(store.Derivations.Read(i.Path), n) ?? throw new BuildException(
            BuildStatus.MiscFailure, $"the output '{n}' of '{store.Directory.Absolute(i.Path)}' is not known")));

    private InitialOutput Initial(StorePath path, Derivation derivation, string output)
    {
        var known = derivation.FindOutput(output)!.FindPath(store.Directory, derivation.Name, output);
        return new InitialOutput(Hash.Zero(HashAlgorithm.Sha256), known, known is not null && store.Infos.IsValid(known) ? OutputState.Valid : OutputState.Absent);
    }

    private StorePath? FindPath(SingleDerivedPath.Built output)
    {
        var path = output.Derivation is SingleDerivedPath.Built inner ? FindPath(inner) : output.Derivation.BasePath;
        return path is null || !store.Infos.IsValid(path) ? null : FindPath(store.Derivations.Read(path), output.Output);
    }

    private StorePath? FindPath(Derivation derivation, string output) =>
        derivation.FindOutput(output)?.FindPath(store.Directory, derivation.Name, output)
        ?? (allowsContentAddressing && store.HasRealisations && derivation.FindOutput(output) is not (null or DerivationOutput.Impure)
            ? store.Realisations.Find(_ids.Of(derivation, output))?.OutputPath
            : null);

    private sealed class Knowledge(StoreParts store, Func<Derivation, string, StorePath?> findPath) : IPlanKnowledge
    {
        public bool IsValid(StorePath path) => store.Infos.IsValid(path);

        public Derivation Read(StorePath path) => store.Derivations.Read(path);

        public StorePath? FindOutput(StorePath path, Derivation derivation, string output) => findPath(derivation, output);

        public void Expect(IReadOnlyCollection<StorePath> paths) => (store.Infos as IPathInfoPrefetch)?.Prefetch(paths);

        public SubstitutableObject? FindSubstitute(StorePath path, ContentAddress? address) => null;
    }
}
