using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Store.Builds;

namespace Firn.Building;

/// <summary>Has objects made valid for commands, which end with an error unless all could be.</summary>
/// <param name="builds">Makes them.</param>
/// <param name="directory">How paths are spelled there.</param>
/// <param name="log">Is told of each failure when there are several.</param>
public sealed class BuildRequests(IBuilds builds, StoreDirectory directory, IMessageLog log)
{
    /// <summary>Tells what would be built and fetched to make valid what is wanted.</summary>
    public BuildPlan Plan(IEnumerable<DerivedPath> wanted) => builds.Plan(wanted);

    /// <summary>Makes what is wanted valid.</summary>
    /// <exception cref="BuildException">Not all could be built; when several failed, the log was told of each.</exception>
    public BuildResults BuildAll(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation)
    {
        var results = builds.Build(wanted, mode, cancellation);
        if (results.IsSuccess)
        {
            return results;
        }

        var failed = results.Items.Where(i => !i.Result.IsSuccess).DistinctBy(i => i.Path).ToList();
        // Those that were given up because another failed count as failed too.
        var names = wanted.Except(results.Items.Where(i => i.Result.IsSuccess).Select(i => i.Path))
            .Select(p => p is DerivedPath.Built built ? built.Derivation.ToString(directory) : p.ToString(directory))
            .Distinct().Order(Utf8Order.Comparer).ToList();
        if (names.Count == 1)
        {
            throw new BuildException(failed[0].Result.Status, failed[0].Result.Failure!).WithExitStatus(results.FailureStatus);
        }

        foreach (var item in failed)
        {
            Tell(log, item.Result.Failure!);
        }

        throw new BuildException(BuildStatus.MiscFailure, $"build of {string.Join(", ", names.Select(n => $"'{n}'"))} failed")
            .WithExitStatus(results.FailureStatus);
    }

    /// <summary>Makes what is wanted valid, as the subcommands of <c>nix</c> do: whatever failed, the status is 1.</summary>
    /// <exception cref="BuildException">Not all could be built; when several failed, the log was told of each.</exception>
    public BuildResults BuildInstallables(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation)
    {
        var results = builds.Build(wanted, mode, cancellation);
        var failed = results.Items.Where(i => !i.Result.IsSuccess).DistinctBy(i => i.Path).ToList();
        if (failed is [var only])
        {
            throw new BuildException(only.Result.Status, only.Result.Failure!).WithExitStatus(1);
        }

        foreach (var item in failed)
        {
            Tell(log, item.Result.Failure!);
        }

        return failed.Count == 0 ? results : throw new BuildException(
            BuildStatus.MiscFailure,
            $"build of {string.Join(", ", failed.Select(f => f.Path.ToString(directory)).Order(Utf8Order.Comparer).Select(n => $"'{n}'"))} failed")
            .WithExitStatus(1);
    }

    /// <summary>Makes an object valid that is not, from a substituter.</summary>
    /// <exception cref="BuildException">There is none that has it.</exception>
    public void Ensure(StorePath path, CancellationToken cancellation) => builds.Ensure(path, cancellation);

    /// <summary>Makes an object anew whose content is damaged: from a substituter, or by building it again.</summary>
    /// <exception cref="BuildException">Neither is possible.</exception>
    public void Repair(StorePath path, CancellationToken cancellation) => builds.Repair(path, cancellation);

    // Worded as the error that ends the program, as each could have been that.
    internal static void Tell(IMessageLog log, Diagnostic failure) =>
        log.Write(Verbosity.Error, "error: " + failure.Message.Replace("\n", "\n       ", StringComparison.Ordinal));
}
