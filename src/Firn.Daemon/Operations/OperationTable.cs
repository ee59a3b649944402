using System.Collections.Frozen;
using Firn.Daemon.Server;

namespace Firn.Daemon.Operations;

/// <summary>All operations that clients can ask for, by number.</summary>
internal static class OperationTable
{
    private static readonly FrozenDictionary<ulong, Action<ServerConnection>> _all = new Dictionary<ulong, Action<ServerConnection>>
    {
        [AddBuildLog.Number] = AddBuildLog.Serve,
        [AddIndirectRoot.Number] = AddIndirectRoot.Serve,
        [AddMultipleToStore.Number] = AddMultipleToStore.Serve,
        [AddPermRoot.Number] = AddPermRoot.Serve,
        [AddSignatures.Number] = AddSignatures.Serve,
        [AddTempRoot.Number] = AddTempRoot.Serve,
        [AddTextToStore.Number] = AddTextToStore.Serve,
        [AddToStore.Number] = AddToStore.Serve,
        [AddToStoreNar.Number] = AddToStoreNar.Serve,
        [BuildDerivation.Number] = BuildDerivation.Serve,
        [BuildPaths.Number] = BuildPaths.Serve,
        [BuildPathsWithResults.Number] = BuildPathsWithResults.Serve,
        [CollectGarbage.Number] = CollectGarbage.Serve,
        [EnsurePath.Number] = EnsurePath.Serve,
        [FindRoots.Number] = FindRoots.Serve,
        [IsValidPath.Number] = IsValidPath.Serve,
        [NarFromPath.Number] = NarFromPath.Serve,
        [OptimiseStore.Number] = OptimiseStore.Serve,
        [QueryAllValidPaths.Number] = QueryAllValidPaths.Serve,
        [QueryDerivationOutputMap.Number] = QueryDerivationOutputMap.Serve,
        [QueryDerivationOutputNames.Number] = QueryDerivationOutputNames.Serve,
        [QueryDerivationOutputs.Number] = QueryDerivationOutputs.Serve,
        [QueryDeriver.Number] = QueryDeriver.Serve,
        [QueryMissing.Number] = QueryMissing.Serve,
        [QueryPathFromHashPart.Number] = QueryPathFromHashPart.Serve,
        [QueryPathInfo.Number] = QueryPathInfo.Serve,
        [QueryRealisation.Number] = QueryRealisation.Serve,
        [QueryReferrers.Number] = QueryReferrers.Serve,
        [QuerySubstitutablePathInfo.Number] = QuerySubstitutablePathInfo.Serve,
        [QuerySubstitutablePathInfos.Number] = QuerySubstitutablePathInfos.Serve,
        [QuerySubstitutablePaths.Number] = QuerySubstitutablePaths.Serve,
        [QueryValidDerivers.Number] = QueryValidDerivers.Serve,
        [QueryValidPaths.Number] = QueryValidPaths.Serve,
        [RegisterDrvOutput.Number] = RegisterDrvOutput.Serve,
        [SetOptions.Number] = SetOptions.Serve,
        [SyncWithGC.Number] = SyncWithGC.Serve,
        [VerifyStore.Number] = VerifyStore.Serve,
    }.ToFrozenDictionary();

    /// <summary>Returns what serves an operation.</summary>
    /// <exception cref="DaemonException">There is none of that number.</exception>
    public static Action<ServerConnection> Find(ulong number) =>
        _all.GetValueOrDefault(number) ?? throw DaemonException.Protocol($"invalid operation {number}");
}
