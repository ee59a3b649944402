using Firn.Building.Environments;
using Firn.Building.Options;
using Firn.Model.Builds;
using Firn.Model.StorePaths;
using Firn.Store.Local;
using Firn.Store.PathInfos;

namespace Firn.Building.Running;

/// <summary>Finds the closures that a derivation wants its builder to read.</summary>
internal sealed class ReferenceGraphs(LocalStore store)
{
    /// <summary>Finds one; with derivations in it come their outputs, as for an image that is to build things.</summary>
    public ReferenceGraph Find(ExportedGraph graph, IReadOnlySet<StorePath> inputs)
    {
        foreach (var root in graph.Roots)
        {
            if (!inputs.Contains(root))
            {
                throw new BuildException(
                    BuildStatus.InputRejected,
                    $"cannot export references of path '{store.Directory.Absolute(root)}' because it is not in the input closure of the derivation");
            }
        }

        var paths = store.Closure.Of(graph.Roots);
        foreach (var derivation in paths.Where(p => p.IsDerivation).ToList())
        {
            paths.UnionWith(store.Closure.Of(store.FindOutputs(derivation).Values.Select(o => o
                ?? throw new BuildException(BuildStatus.InputRejected, "exportReferences on CA derivations is not yet implemented"))));
        }

        return new ReferenceGraph(
            graph.Name, [.. paths.Select(p => store.Get(p, store.Directory))],
            info => store.Closure.Of([info.Path]).Sum(p => store.Get(p, store.Directory).NarSize));
    }
}
