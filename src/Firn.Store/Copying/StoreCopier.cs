using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Closures;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Store.Copying;

/// <summary>Copies objects from one store to another, several at once.</summary>
/// <param name="infos">What the source knows.</param>
/// <param name="nars">The source's content.</param>
/// <param name="targetInfos">What the target has already.</param>
/// <param name="target">Takes the objects.</param>
/// <param name="directory">How paths are spelled in both.</param>
/// <param name="log">Is told of each object.</param>
public sealed class StoreCopier(
    IPathInfoSource infos, INarSource nars, IPathInfoSource targetInfos, INarSink target, StoreDirectory directory, IMessageLog log)
{
    /// <summary>How many objects are on their way at once.</summary>
    public int AtOnce { get; init; } = 8;

    /// <summary>Copies objects that the target lacks, each after those that it refers to.</summary>
    /// <param name="paths">What to copy; the target must have, or get, all that they refer to.</param>
    /// <param name="where">Source and target for messages, such as <c>from 'x' to 'y'</c>.</param>
    /// <param name="import">How the target is to take them.</param>
    /// <param name="cancellationToken">Ends the work between two objects.</param>
    /// <exception cref="StoreException">One is not valid in the source, or the target refuses it.</exception>
    public void Copy(IEnumerable<StorePath> paths, string where, NarImport import, CancellationToken cancellationToken)
    {
        var wanted = paths.ToList();
        if (!import.Repair)
        {
            (targetInfos as IPathInfoPrefetch)?.Prefetch(wanted);
        }

        var missing = wanted.Where(p => import.Repair || !targetInfos.IsValid(p)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        (infos as IPathInfoPrefetch)?.Prefetch(missing);
        var activities = log as IActivityLog;
        var all = activities?.Start(Verbosity.Info, ActivityKind.CopyPaths, $"copying {missing.Count} paths", 0);
        if (all is null)
        {
            log.Write(Verbosity.Info, $"copying {missing.Count} paths...");
        }

        try
        {
            var order = Closure.Sort(missing, infos, directory).Reverse().ToList();
            new CopyPlan(order, path => infos.Get(path, directory)).Run(AtOnce, info => CopyOne(info, where, import, all ?? 0), cancellationToken);
        }
        finally
        {
            if (all is { } started)
            {
                activities!.Stop(started);
            }
        }
    }

    private void CopyOne(PathInfo info, string where, NarImport import, ulong parent)
    {
        var name = directory.Absolute(info.Path);
        var activities = log as IActivityLog;
        var activity = activities?.Start(Verbosity.Info, ActivityKind.CopyPath, $"copying path '{name}' {where}", parent, name);
        if (activity is null)
        {
            log.Write(Verbosity.Info, $"copying path '{name}' {where}...");
        }

        try
        {
            using var nar = nars.OpenNar(info.Path);
            // That an object was built here is no reason for another store to trust it.
            target.Add(info with { IsUltimate = false, RegistrationTime = 0 }, nar, import);
        }
        finally
        {
            if (activity is { } started)
            {
                activities!.Stop(started);
            }
        }
    }
}
