using Firn.Daemon.Operations;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Store.Builds;

namespace Firn.Daemon.Client;

/// <summary>Has a daemon build.</summary>
public sealed class DaemonBuilds(DaemonStore store) : IBuilds
{
    public BuildPlan Plan(IEnumerable<DerivedPath> wanted)
    {
        var all = wanted.ToList();
        return store.Use(c => QueryMissing.Call(c, all));
    }

    public BuildResults Build(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) => Cancellable(c =>
    {
        if (c.Version < WorkerProtocol.WithResults)
        {
            BuildPaths.Call(c, wanted, mode);
            return new BuildResults([.. wanted.Select(w => new KeyedBuildResult(w, Find(c, w)))], 0);
        }

        var results = BuildPathsWithResults.Call(c, wanted, mode);
        var failed = results.Where(r => !r.Result.IsSuccess).Select(r => r.Result.Status).ToList();
        return new BuildResults([.. results], failed.Count == 0 ? 0 : FailureStatus.Of(failed));
    }, cancellation);

    public BuildResult BuildDerivation(StorePath path, Derivation derivation, BuildMode mode, CancellationToken cancellation) =>
        Cancellable(c => Operations.BuildDerivation.Call(c, path, derivation, mode), cancellation);

    public void Ensure(StorePath path, CancellationToken cancellation) => Cancellable<object?>(c =>
    {
        EnsurePath.Call(c, path);
        return null;
    }, cancellation);

    public void Repair(StorePath path, CancellationToken cancellation) => Cancellable<object?>(c =>
    {
        BuildPaths.Call(c, [new DerivedPath.Opaque(path)], BuildMode.Repair);
        return null;
    }, cancellation);

    private static BuildResult Find(DaemonConnection connection, DerivedPath wanted)
    {
        var result = new BuildResult { Status = BuildStatus.Built };
        return wanted is DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var derivation), Outputs: var outputs }
            ? result with
            {
                Outputs = result.Outputs.AddRange(QueryDerivationOutputMap.Call(connection, derivation)
                    .Where(o => o.Value is not null && outputs.Contains(o.Key)).Select(o => KeyValuePair.Create(o.Key, o.Value!))),
            }
            : result;
    }

    // There is no word for "stop": a daemon stops what it does for a client that is gone.
    private T Cancellable<T>(Func<DaemonConnection, T> use, CancellationToken cancellation)
    {
        try
        {
            return store.Use(connection =>
            {
                using var registration = cancellation.Register(connection.Dispose);
                return use(connection);
            });
        }
        catch (Exception e) when (e is not RemoteException && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("the build was given up", e, cancellation);
        }
    }
}
