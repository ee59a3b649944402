using System.Collections.Immutable;
using Firn.Building.Outputs;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Building.Running;

/// <summary>The paths that a builder is told to write to; not always those that its outputs will have.</summary>
/// <param name="Paths">By output.</param>
/// <param name="Redirected">Those that stand in for valid ones, which must not be touched; they are removed after the build.</param>
/// <param name="Rewrites">What to replace in the environment and the arguments: placeholders, and digests of paths that are stood in for.</param>
public sealed record ScratchOutputs(
    ImmutableSortedDictionary<string, StorePath> Paths, ImmutableArray<StorePath> Redirected, Rewrites Rewrites)
{
    /// <summary>Decides where the builder is to write.</summary>
    /// <param name="job">What is built.</param>
    /// <param name="directory">The store.</param>
    /// <param name="hidesOutputs">Whether nobody else sees what the builder makes, so that it may take the final paths.</param>
    public static ScratchOutputs Choose(BuildJob job, StoreDirectory directory, bool hidesOutputs)
    {
        var rewrites = new Rewrites();
        var redirected = ImmutableArray.CreateBuilder<StorePath>();
        var paths = ImmutableSortedDictionary.CreateBuilder<string, StorePath>(job.Outputs.KeyComparer);
        foreach (var (name, output) in job.Outputs)
        {
            var scratch = output switch
            {
                { Path: null } => directory.Make(
                    $"rewrite:{job.Path}:name:{name}", Hash.Zero(HashAlgorithm.Sha256), OutputName.PathName(job.Derivation.Name, name)),
                _ when hidesOutputs => output.Path,
                { State: OutputState.Absent } => output.Path,
                { State: OutputState.Corrupt } when job.Mode != BuildMode.Repair => output.Path,
                _ => directory.Make($"rewrite:{job.Path}:{output.Path}", Hash.Zero(HashAlgorithm.Sha256), output.Path.Name),
            };
            paths[name] = scratch;
            rewrites.Set(Placeholder.OfOutput(name).ToString(), directory.Absolute(scratch));
            if (output.Path is { } final && !final.Equals(scratch))
            {
                rewrites.Set(final.Digest, scratch.Digest);
                redirected.Add(scratch);
            }
        }

        return new(paths.ToImmutable(), redirected.ToImmutable(), rewrites);
    }
}
