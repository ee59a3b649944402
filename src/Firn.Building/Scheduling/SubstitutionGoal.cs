using Firn.Model.Builds;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Nars;
using Firn.Store.Substituting;

namespace Firn.Building.Scheduling;

/// <summary>An object that is to be valid, taken from another store if need be.</summary>
internal sealed class SubstitutionGoal(GoalSet goals, StorePath path, bool repair, ContentAddress? address)
    : Goal($"a${path.Name}${path}")
{
    // Looking at them opens them, and what is valid already needs none.
    private Queue<ISubstituter>? _left;
    private bool _hasFailed;

    protected override void Begin(GoalScheduler scheduler)
    {
        goals.Store.AddTemporaryRoot(path);
        if (!repair && goals.Store.IsValid(path))
        {
            Finish(scheduler, new BuildResult { Status = BuildStatus.AlreadyValid });
            return;
        }

        TryNext(scheduler);
    }

    private void TryNext(GoalScheduler scheduler)
    {
        _left ??= new(goals.Substituters);
        if (!_left.TryDequeue(out var substituter))
        {
            var error = new BuildException(
                BuildStatus.NoSubstituters,
                $"path '{goals.Store.Directory.Absolute(path)}' is required, but there is no substituter that can build it");
            Finish(scheduler, new BuildResult
            {
                Status = _hasFailed ? BuildStatus.TransientFailure : BuildStatus.NoSubstituters,
                Failure = error.Diagnostic,
            });
            return;
        }

        scheduler.RunJob(this, JobKind.Substitution, _ => Ask(substituter), found =>
        {
            if (found is null)
            {
                TryNext(scheduler);
                return;
            }

            goals.ExpectDownload(found.DownloadSize);
            var references = found.Info.OtherReferences.Select(r => goals.Object(r)).ToList();
            Await(scheduler, references, () => Fetch(scheduler, substituter, found));
        });
    }

    /// <summary>What it has, if that can be used; a store that cannot say has nothing, for what it has may be built.</summary>
    private SubstitutableObject? Ask(ISubstituter substituter)
    {
        try
        {
            var found = substituter.Find(path, address);
            if (found is null || substituter.IsTrusted || goals.Store.Trusts(found.Info))
            {
                return found;
            }

            goals.Log.Write(
                Verbosity.Warning,
                $"ignoring substitute for '{goals.Store.Directory.Absolute(path)}' from '{substituter.Uri}', as it's not signed by any of the keys in 'trusted-public-keys'");
        }
        catch (FirnException e)
        {
            goals.Log.Write(Verbosity.Warning, e.Message);
        }

        return null;
    }

    private void Fetch(GoalScheduler scheduler, ISubstituter substituter, SubstitutableObject found)
    {
        if (Failed > 0)
        {
            Finish(scheduler, new BuildResult
            {
                // What nobody has may be built instead, and so may what needs it.
                Status = WithoutSubstituters > 0 ? BuildStatus.NoSubstituters : BuildStatus.DependencyFailed,
                Failure = new BuildException(
                    BuildStatus.DependencyFailed,
                    $"some references of path '{goals.Store.Directory.Absolute(path)}' could not be realised").Diagnostic,
            });
            return;
        }

        scheduler.RunJob(this, JobKind.Substitution, _ => Copy(substituter, found), copied =>
        {
            if (copied == Copied.Whole)
            {
                goals.Outputs.MarkGood(path);
                Finish(scheduler, new BuildResult { Status = BuildStatus.Substituted });
                return;
            }

            _hasFailed |= copied == Copied.Failed;
            TryNext(scheduler);
        });
    }

    private Copied Copy(ISubstituter substituter, SubstitutableObject found)
    {
        var name = goals.Store.Directory.Absolute(path);
        var activity = goals.Log.Start(Verbosity.Info, ActivityKind.Substitute, $"copying path '{name}' from '{substituter.Uri}'", 0, name, substituter.Uri);
        try
        {
            using var nar = substituter.OpenNar(found.PathThere);
            goals.Store.Add(found.Info, nar, new NarImport(repair, ChecksSignatures: !substituter.IsTrusted));
            return Copied.Whole;
        }
        catch (Exception e) when (e is FirnException or IOException or InvalidDataException)
        {
            return Tell(e);
        }
        finally
        {
            goals.Log.Stop(activity);
        }
    }

    private Copied Tell(Exception failure)
    {
        if (failure is FirnException { Kind: var kind } && (kind == StoreErrors.Gone || kind == StoreErrors.Unreachable))
        {
            goals.Log.Write(Verbosity.Warning, failure.Message);
            return Copied.Gone;
        }

        goals.Log.Write(Verbosity.Error, "error: " + failure.Message);
        return Copied.Failed;
    }

    /// <summary>What came of fetching.</summary>
    private enum Copied
    {
        Whole,

        /// <summary>The store no longer has it, or cannot be reached: as if it had never had it.</summary>
        Gone,
        Failed,
    }
}
