using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store.Closures;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Store.Copying;

/// <summary>Copies objects from one store to another.</summary>
/// <param name="infos">What the source knows.</param>
/// <param name="nars">The source's content.</param>
/// <param name="targetInfos">What the target has already.</param>
/// <param name="target">Takes the objects.</param>
/// <param name="directory">How paths are spelled in both.</param>
/// <param name="log">Is told of each object.</param>
public sealed class StoreCopier(
    IPathInfoSource infos, INarSource nars, IPathInfoSource targetInfos, INarSink target, StoreDirectory directory, IMessageLog log)
{
    /// <summary>Copies objects that the target lacks, each after those that it refers to.</summary>
    /// <param name="paths">What to copy; the target must have, or get, all that they refer to.</param>
    /// <param name="where">Source and target for messages, such as <c>from 'x' to 'y'</c>.</param>
    /// <param name="import">How the target is to take them.</param>
    /// <param name="cancellationToken">Ends the work between two objects.</param>
    /// <exception cref="StoreException">One is not valid in the source, or the target refuses it.</exception>
    public void Copy(IEnumerable<StorePath> paths, string where, NarImport import, CancellationToken cancellationToken)
    {
        var missing = paths.Where(p => import.Repair || !targetInfos.IsValid(p)).ToList();
        if (missing.Count > 0)
        {
            log.Write(Verbosity.Info, $"copying {missing.Count} paths...");
        }

        foreach (var path in Closure.Sort(missing, infos, directory).Reverse())
        {
            cancellationToken.ThrowIfCancellationRequested();
            log.Write(Verbosity.Info, $"copying path '{directory.Absolute(path)}' {where}...");
            // That an object was built here is no reason for another store to trust it.
            var info = infos.Get(path, directory) with { IsUltimate = false, RegistrationTime = 0 };
            using var nar = new PulledNar(stream => nars.WriteNar(path, stream));
            target.Add(info, nar, import);
        }
    }
}
