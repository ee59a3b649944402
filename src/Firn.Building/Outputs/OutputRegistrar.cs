using System.Collections.Immutable;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Files;
using Firn.Store.Closures;
using Firn.Store.Local;
using Firn.Store.Local.Adding;
using Firn.Store.Local.Locking;
using Firn.Store.PathInfos;

namespace Firn.Building.Outputs;

/// <summary>Takes what a builder made into the store: normalises, finds references, names, checks, moves and registers it.</summary>
public sealed class OutputRegistrar(LocalStore store, ImmutableArray<SecretKey> keys, OutputComparison comparison)
{
    private readonly StoreDirectory _directory = store.Directory;

    /// <summary>Takes the outputs of one build.</summary>
    /// <param name="job">What was built.</param>
    /// <param name="scratch">Where the builder was told to write.</param>
    /// <param name="place">Where that is, and whose files it made.</param>
    /// <returns>What is known about the outputs by name; nothing when they were only compared.</returns>
    /// <exception cref="BuildException">They are not as they have to be.</exception>
    public IReadOnlyDictionary<string, PathInfo> Register(BuildJob job, ScratchOutputs scratch, OutputPlace place)
    {
        var seen = new HashSet<(ulong Device, ulong Inode)>();
        var trees = new Dictionary<string, BuiltTree>();
        foreach (var (name, output) in job.Outputs)
        {
            // Those that were valid before stay as they are, unless it is to be seen whether they come out the same.
            if (job.Mode == BuildMode.Check || !output.IsValid)
            {
                trees[name] = Take(job, name, place.RealPath(scratch.Paths[name]), place, seen);
            }
        }

        var candidates = job.Inputs.Concat(scratch.Paths.Values).ToList();
        foreach (var tree in trees.Values.Where(t => !job.Options.UnsafeDiscardReferences.Contains(t.Output)))
        {
            tree.Scan(candidates);
        }

        var infos = new SortedDictionary<string, PathInfo>(Utf8Order.Comparer);
        var rewrites = new Rewrites();
        var locks = new List<PathLocks>();
        try
        {
            foreach (var name in Order(job, trees, scratch))
            {
                if (!trees.TryGetValue(name, out var tree))
                {
                    rewrites.Set(scratch.Paths[name].Digest, job.Outputs[name].Path!.Digest);
                    continue;
                }

                var info = Finish(job, tree, scratch.Paths[name], rewrites, place, locks);
                infos[name] = info;
                rewrites.Set(scratch.Paths[name].Digest, info.Path.Digest);
            }

            return Check(job, infos);
        }
        finally
        {
            foreach (var held in locks)
            {
                held.Dispose();
            }
        }
    }

    private IReadOnlyDictionary<string, PathInfo> Check(BuildJob job, SortedDictionary<string, PathInfo> infos)
    {
        var checker = new OutputChecker(_directory, job.Path, job.Derivation, path => store.Get(path, _directory));
        try
        {
            checker.Check(job.Options, infos);
        }
        catch (BuildException) when (job.Mode != BuildMode.Check)
        {
            // What has the wrong hash is good for whoever writes the right one, who need not fetch it again.
            store.RegisterValidPaths(infos.Values.Where(i => i.ContentAddress is not null).DistinctBy(i => i.Path));
            throw;
        }

        if (job.Mode == BuildMode.Check)
        {
            return new Dictionary<string, PathInfo>();
        }

        store.RegisterValidPaths(infos.Values.DistinctBy(i => i.Path));
        return infos;
    }

    private BuiltTree Take(BuildJob job, string name, string path, OutputPlace place, HashSet<(ulong Device, ulong Inode)> seen)
    {
        var status = PathStatus.Find(path) ?? throw Rejected(
            $"builder for '{_directory.Absolute(job.Path)}' failed to produce output path for output '{name}' at \"{path}\"");

        // Somebody else may have had a hand in what others can write.
        const int othersMayWrite = 0x12;
        if ((!status.IsSymlink && (status.Permissions & othersMayWrite) != 0)
            || (place.Users is { } users && status.User != users.First))
        {
            throw Rejected($"suspicious ownership or permission on \"{path}\" for output '{name}'; rejecting this build output");
        }

        CanonicalMetadata.Apply(path, new CanonicalOptions(place.Users, store.Settings.IgnoredAcls), seen);
        return new BuiltTree(name, path, status, new CanonicalOptions(null, store.Settings.IgnoredAcls));
    }

    private List<string> Order(BuildJob job, Dictionary<string, BuiltTree> trees, ScratchOutputs scratch)
    {
        var byPath = scratch.Paths.ToDictionary(s => s.Value, s => s.Key);
        var order = TopologicalOrder.Of(
            new SortedSet<string>(job.Outputs.Keys, Utf8Order.Comparer),
            name => trees.TryGetValue(name, out var tree) ? tree.References.Where(byPath.ContainsKey).Select(r => byPath[r]) : [],
            (name, parent) => Rejected(
                $"cycle detected in build of '{_directory.Absolute(job.Path)}' in the references of output '{name}' from output '{parent}'"));
        return [.. order.Reverse()];
    }

    private PathInfo Finish(BuildJob job, BuiltTree tree, StorePath scratch, Rewrites rewrites, OutputPlace place, List<PathLocks> locks)
    {
        var way = job.Derivation.FindOutput(tree.Output)!;
        if (way is DerivationOutput.InputAddressed known)
        {
            rewrites.Set(scratch.Digest, known.Path.Digest);
            tree.Rewrite(rewrites);
            var (hash, size) = tree.NarHash();
            return Move(job, tree, locks, new PathInfo
            {
                Path = known.Path,
                NarHash = hash,
                NarSize = size,
                References = References(tree, scratch, rewrites, known.Path),
            });
        }

        var (method, algorithm) = way switch
        {
            DerivationOutput.FixedContent content => (content.Address.Method, content.Address.Hash.Algorithm),
            DerivationOutput.FloatingContent floating => (floating.Method, floating.Algorithm),
            DerivationOutput.Impure impure => (impure.Method, impure.Algorithm),
            _ => throw Rejected($"output '{tree.Output}' of '{_directory.Absolute(job.Path)}' is still deferred"),
        };
        if (way is not DerivationOutput.FloatingContent && place.MayBeHeldOpen)
        {
            return store.WithTemporaryFolder(folder =>
            {
                CheckKind(tree, method);
                var original = tree.Path;
                tree.CopyTo($"{folder}/x");
                if (way is DerivationOutput.Impure)
                {
                    // Its own path comes from the copy, and nothing else would take the original away.
                    FileTree.Delete(original);
                }

                return Move(job, tree, locks, ByContent(job, tree, scratch, rewrites, method, algorithm));
            });
        }

        CheckKind(tree, method);
        return Move(job, tree, locks, ByContent(job, tree, scratch, rewrites, method, algorithm));
    }

    private static void CheckKind(BuiltTree tree, ContentAddressMethod method)
    {
        if (method is ContentAddressMethod.Flat or ContentAddressMethod.Text && !(tree.Status.IsRegular && !tree.Status.IsExecutable))
        {
            throw Rejected(
                $"output path \"{tree.Path}\" should be a non-executable regular file since recursive hashing is not enabled "
                + "(one of outputHashMode={flat,text} is true)");
        }
    }

    private PathInfo ByContent(
        BuildJob job, BuiltTree tree, StorePath scratch, Rewrites rewrites, ContentAddressMethod method, HashAlgorithm algorithm)
    {
        tree.Rewrite(rewrites);
        var address = new ContentAddress(method, tree.ContentHash(method, algorithm, scratch));
        var others = References(tree, scratch, rewrites, null);
        var refersToSelf = tree.References.Contains(scratch);
        var path = _directory.MakeContentAddressed(
            OutputName.PathName(job.Derivation.Name, tree.Output), address, others, refersToSelf);
        if (refersToSelf && !path.Equals(scratch))
        {
            // The hash does not change by this: it was taken with zeros there.
            var own = new Rewrites();
            own.Set(scratch.Digest, path.Digest);
            tree.Rewrite(own);
        }

        var (hash, size) = tree.NarHash();
        return new PathInfo
        {
            Path = path,
            NarHash = hash,
            NarSize = size,
            ContentAddress = address,
            References = refersToSelf ? [.. others.Append(path).Order()] : others,
        };
    }

    /// <summary>Returns the references by their final paths; that to itself only where its final path is known.</summary>
    private static ImmutableArray<StorePath> References(BuiltTree tree, StorePath scratch, Rewrites rewrites, StorePath? self)
    {
        StorePath? Final(StorePath path) => path.Equals(scratch) ? self
            : rewrites.Find(path.Digest) is { } digest ? StorePath.Parse($"{digest}-{path.Name}")
            : path;
        return [.. tree.References.Select(Final).OfType<StorePath>().Distinct().Order()];
    }

    private PathInfo Move(BuildJob job, BuiltTree tree, List<PathLocks> locks, PathInfo info)
    {
        var target = store.Layout.RealPath(info.Path);
        if (job.Outputs[tree.Output].Path is not { } expected || !expected.Equals(info.Path))
        {
            // Only now it is known which path this is; another build may be making the same.
            var held = PathLocks.Acquire([target]);
            held.RemovesFiles = true;
            locks.Add(held);
        }

        if (job.Mode == BuildMode.Check)
        {
            comparison.Compare(job.Path, tree.Path, info);
        }
        else if (tree.Path != target)
        {
            Place(job.Mode, tree.Path, target, store.IsValid(info.Path));
        }

        info = info with { Deriver = job.Path, IsUltimate = true };
        info = keys.Aggregate(info, (signed, key) => key.Sign(signed, _directory));
        if (job.Mode != BuildMode.Check)
        {
            store.OptimiseAdded(info.Path, repair: false);
        }

        return info;
    }

    private static void Place(BuildMode mode, string from, string target, bool isValid)
    {
        if (mode == BuildMode.Repair)
        {
            StoreMoves.Replace(target, from);
        }
        else if (isValid)
        {
            // Another derivation made the same content.
            FileTree.Delete(from);
        }
        else
        {
            FileTree.Delete(target);
            StoreMoves.Move(from, target);
        }
    }

    private static BuildException Rejected(string message) => new(BuildStatus.OutputRejected, message);
}

/// <summary>Where a builder's outputs are.</summary>
/// <param name="RealPath">Finds an output on this machine's disk.</param>
/// <param name="Users">Whose files they are; null for our own.</param>
/// <param name="MayBeHeldOpen">Whether a process may be left, or have been told of files by a builder, that can still write to them.</param>
public sealed record OutputPlace(Func<StorePath, string> RealPath, UserRange? Users, bool MayBeHeldOpen);
