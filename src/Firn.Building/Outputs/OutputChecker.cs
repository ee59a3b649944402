using System.Collections.Immutable;
using Firn.Building.Options;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Outputs;

/// <summary>Decides whether what was built is what the derivation allows.</summary>
/// <param name="directory">The store.</param>
/// <param name="path">The derivation.</param>
/// <param name="derivation">What it says.</param>
/// <param name="known">Tells about valid objects that are no outputs of this build.</param>
public sealed class OutputChecker(StoreDirectory directory, StorePath path, Derivation derivation, Func<StorePath, PathInfo> known)
{
    /// <summary>Checks all outputs against hashes written down and against demands.</summary>
    /// <exception cref="BuildException">An output is not allowed.</exception>
    public void Check(DerivationOptions options, IReadOnlyDictionary<string, PathInfo> outputs)
    {
        var byPath = outputs.Values.DistinctBy(o => o.Path).ToDictionary(o => o.Path);
        foreach (var (name, info) in outputs.OrderBy(o => o.Key, Utf8Order.Comparer))
        {
            if (derivation.FindOutput(name) is DerivationOutput.FixedContent content)
            {
                CheckFixed(content, info);
            }

            if (options.ChecksOf(name) is { } checks)
            {
                Check(checks, name, info, outputs, byPath);
            }
        }
    }

    private void CheckFixed(DerivationOutput.FixedContent content, PathInfo info)
    {
        var (wanted, got) = (content.Address.Hash, info.ContentAddress!.Hash);
        if (!wanted.Equals(got))
        {
            throw new BuildException(
                BuildStatus.HashMismatch,
                $"hash mismatch in fixed-output derivation '{directory.Absolute(path)}':\n"
                + $"  specified: {wanted.ToString(HashFormat.Sri)}\n     got:    {got.ToString(HashFormat.Sri)}");
        }

        if (info.References is [var first, ..])
        {
            throw new BuildException(
                BuildStatus.HashMismatch,
                $"fixed-output derivations must not reference store paths: '{directory.Absolute(path)}' references "
                + $"{info.References.Length} distinct paths, e.g. '{directory.Absolute(first)}'");
        }
    }

    private void Check(
        OutputChecks checks, string name, PathInfo info, IReadOnlyDictionary<string, PathInfo> outputs, Dictionary<StorePath, PathInfo> byPath)
    {
        if (checks.MaxSize is { } size && info.NarSize > size)
        {
            throw Rejected($"path '{directory.Absolute(info.Path)}' is too large at {info.NarSize} bytes; limit is {size} bytes");
        }

        if (checks.MaxClosureSize is { } closureSize && Closure(info, byPath).Sum(i => i.NarSize) is var total && total > closureSize)
        {
            throw Rejected($"closure of path '{directory.Absolute(info.Path)}' is too large at {total} bytes; limit is {closureSize} bytes");
        }

        var requisites = new Lazy<ImmutableSortedSet<StorePath>>(() =>
            [.. Closure(info, byPath).Select(i => i.Path).Where(p => !checks.IgnoresSelfReferences || !p.Equals(info.Path))]);
        if (checks.AllowedReferences is { } references)
        {
            Refuse(info, info.References.Except(Paths(references, name, outputs)));
        }

        if (checks.AllowedRequisites is { } allowed)
        {
            Refuse(info, requisites.Value.Except(Paths(allowed, name, outputs)));
        }

        if (!checks.DisallowedReferences.IsEmpty)
        {
            Refuse(info, info.References.Intersect(Paths(checks.DisallowedReferences, name, outputs)));
        }

        if (!checks.DisallowedRequisites.IsEmpty)
        {
            Refuse(info, requisites.Value.Intersect(Paths(checks.DisallowedRequisites, name, outputs)));
        }
    }

    private void Refuse(PathInfo info, IEnumerable<StorePath> bad)
    {
        var list = string.Concat(bad.Order().Select(p => "\n  " + directory.Absolute(p)));
        if (list.Length > 0)
        {
            throw Rejected($"output '{directory.Absolute(info.Path)}' is not allowed to refer to the following paths:{list}");
        }
    }

    private HashSet<StorePath> Paths(ImmutableArray<CheckedReference> references, string name, IReadOnlyDictionary<string, PathInfo> outputs) =>
        [.. references.Select(reference => reference switch
        {
            CheckedReference.Output output => outputs.TryGetValue(output.Name, out var info)
                ? info.Path
                : throw Rejected(
                    $"derivation '{directory.Absolute(path)}' output check for '{name}' contains output name '{output.Name}', but this is not a "
                    + $"valid output of this derivation. (Valid outputs are [{string.Join(", ", outputs.Keys.Order(Utf8Order.Comparer))}].)"),
            _ => ((CheckedReference.Object)reference).Path,
        })];

    // Outputs of this build may refer to each other and are not valid yet.
    private List<PathInfo> Closure(PathInfo start, Dictionary<StorePath, PathInfo> byPath)
    {
        var done = new HashSet<StorePath> { start.Path };
        var all = new List<PathInfo> { start };
        for (var i = 0; i < all.Count; i++)
        {
            foreach (var reference in all[i].References)
            {
                if (done.Add(reference))
                {
                    all.Add(byPath.TryGetValue(reference, out var info) ? info : known(reference));
                }
            }
        }

        return all;
    }

    private static BuildException Rejected(string message) => new(BuildStatus.OutputRejected, message);
}
