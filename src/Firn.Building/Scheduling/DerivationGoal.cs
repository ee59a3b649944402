using System.Collections.Immutable;
using Firn.Building.Options;
using Firn.Building.Planning;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Scheduling;

/// <summary>Outputs of a derivation that are to be valid: there already, taken from another store, or built.</summary>
internal sealed class DerivationGoal(GoalSet goals, SingleDerivedPath wantedDerivation, OutputsSpec wanted, BuildMode mode, Derivation? given)
    : Goal($"d${wantedDerivation.BasePath.Name}${wantedDerivation.ToString(goals.Store.Directory)}^{wanted}")
{
    private StorePath _path = null!;
    private Derivation _derivation = null!;
    private DerivationOptions _options = null!;
    private ImmutableArray<string> _names;

    /// <summary>The derivation, once it is known.</summary>
    internal StorePath? Path => _path;

    private StoreDirectory Directory => goals.Store.Directory;

    protected override void Begin(GoalScheduler scheduler)
    {
        if (given is not null)
        {
            HaveDerivation(scheduler, wantedDerivation.BasePath, given);
            return;
        }

        if (mode == BuildMode.Normal && FindDerivation() is { } found && goals.Derivations.IsValid(found))
        {
            HaveDerivation(scheduler, found, goals.Derivations.Read(found));
            return;
        }

        Goal goal = wantedDerivation is SingleDerivedPath.Built built
            ? goals.Derivation(built.Derivation, OutputsSpec.Of(built.Output), BuildMode.Normal)
            : goals.Object(wantedDerivation.BasePath);
        Await(scheduler, [goal], () =>
        {
            if (Failed > 0 || FindDerivation() is not { } path)
            {
                Fail(scheduler, new BuildException(
                    BuildStatus.DependencyFailed, $"failed to obtain derivation of '{wantedDerivation.ToString(Directory)}'"));
                return;
            }

            HaveDerivation(scheduler, path, goals.Derivations.Read(path));
        });
    }

    private StorePath? FindDerivation() =>
        wantedDerivation is SingleDerivedPath.Built built ? goals.Outputs.FindPath(built) : wantedDerivation.BasePath;

    private void HaveDerivation(GoalScheduler scheduler, StorePath path, Derivation derivation)
    {
        (_path, _derivation) = (path, derivation);
        goals.Store.AddTemporaryRoot(path);
        _options = DerivationOptions.Read(derivation, Directory, isResolved: false);
        _names = [.. wanted.Select(derivation)];
        foreach (var name in _names)
        {
            if (derivation.FindOutput(name) is not { } output)
            {
                Fail(scheduler, new BuildException(
                    BuildStatus.MiscFailure, $"derivation '{Directory.Absolute(path)}' does not have output '{name}'"));
                return;
            }

            if (output.FindPath(Directory, derivation.Name, name) is { } known)
            {
                goals.Store.AddTemporaryRoot(known);
            }
        }

        if (FindForbidden() is { } problem)
        {
            Fail(scheduler, new BuildException(BuildStatus.MiscFailure, problem));
            return;
        }

        if (derivation.Outputs.Any(o => o.Output is DerivationOutput.Impure))
        {
            AwaitInputs(scheduler);
            return;
        }

        var outputs = FindOutputs();
        if (mode == BuildMode.Normal && outputs.Values.All(o => o.IsValid))
        {
            Succeed(scheduler, BuildStatus.AlreadyValid, outputs);
        }
        else if (goals.Substituters.Count > 0 && (_options.AllowsSubstitutes || goals.Settings.AlwaysAllowSubstitutes))
        {
            Substitute(scheduler, outputs);
        }
        else
        {
            AfterSubstitution(scheduler);
        }
    }

    private string? FindForbidden() => _derivation switch
    {
        _ when _derivation.Outputs.Any(o => o.Output is DerivationOutput.FloatingContent) && !goals.Options.AllowsContentAddressing =>
            "experimental Nix feature 'ca-derivations' is disabled; add '--extra-experimental-features ca-derivations' to enable it",
        _ when _derivation.Outputs.Any(o => o.Output is DerivationOutput.Impure) && !goals.Options.AllowsImpure =>
            "experimental Nix feature 'impure-derivations' is disabled; add '--extra-experimental-features impure-derivations' to enable it",
        _ => null,
    };

    private ImmutableSortedDictionary<string, InitialOutput> FindOutputs() => _names.ToImmutableSortedDictionary(
        n => n, n => goals.Outputs.Find(_path, _derivation, n, checksContent: mode == BuildMode.Repair), Utf8Order.Comparer);

    private void Substitute(GoalScheduler scheduler, ImmutableSortedDictionary<string, InitialOutput> outputs)
    {
        var waitFor = new List<Goal>();
        var realisations = new List<Realisation>();
        foreach (var (name, output) in outputs.Where(o => !o.Value.IsValid))
        {
            var path = output.Path;
            if (path is null && goals.Substituters.Select(s => s.FindRealisation(new DrvOutput(output.Hash, name))).FirstOrDefault(r => r is not null) is { } found)
            {
                path = found.OutputPath;
                realisations.Add(found);
            }

            if (path is not null)
            {
                var address = _derivation.FindOutput(name) is DerivationOutput.FixedContent content ? content.Address : null;
                waitFor.Add(goals.Object(path, mode == BuildMode.Repair, address));
            }
        }

        Await(scheduler, waitFor, () =>
        {
            foreach (var realisation in realisations.Where(r => goals.Store.IsValid(r.OutputPath)))
            {
                goals.Store.Register(realisation);
            }

            if (Failed > WithoutSubstituters && !goals.Settings.Fallback)
            {
                Fail(scheduler, new BuildException(
                    BuildStatus.TransientFailure,
                    $"some substitutes for the outputs of derivation '{Directory.Absolute(_path)}' failed (usually happens due to networking issues); "
                    + "try '--fallback' to build derivation from source "));
                return;
            }

            AfterSubstitution(scheduler);
        });
    }

    private void AfterSubstitution(GoalScheduler scheduler)
    {
        var outputs = FindOutputs();
        var allValid = outputs.Values.All(o => o.IsValid);
        switch (mode)
        {
            case BuildMode.Normal when allValid:
                Succeed(scheduler, BuildStatus.Substituted, outputs);
                break;
            case BuildMode.Repair when allValid:
                RepairClosure(scheduler, outputs);
                break;
            case BuildMode.Check when !allValid:
                Fail(scheduler, new BuildException(BuildStatus.MiscFailure, new Diagnostic(
                    BuildErrors.Failed,
                    $"some outputs of '{Directory.Absolute(_path)}' are not valid, so checking is not possible\n"
                    + "Hint: --rebuild and --check error if the derivation was not previously built and cannot be substituted.\n"
                    + "      Remove it to perform a fresh build, or use --repair to rewrite missing or corrupted builds in the store.")));
                break;
            default:
                AwaitInputs(scheduler);
                break;
        }
    }

    private void AwaitInputs(GoalScheduler scheduler)
    {
        var inputMode = mode == BuildMode.Repair ? BuildMode.Repair : BuildMode.Normal;
        var inputs = DerivationResolver.Inputs(_derivation).GroupBy(i => i.Derivation)
            .Select(g => goals.Derivation(g.Key, OutputsSpec.Of(g.Select(i => i.Output)), inputMode)).ToList();
        if (FindImpureInput() is { } impure)
        {
            Fail(scheduler, new BuildException(
                BuildStatus.MiscFailure,
                $"pure derivation '{Directory.Absolute(_path)}' depends on impure derivation '{Directory.Absolute(impure)}'"));
            return;
        }

        Await(scheduler, inputs, () =>
        {
            if (Failed > 0)
            {
                Fail(scheduler, goals.Failures.Dependencies(_path, _derivation, Failed));
            }
            else if (DerivationResolver.IsNeeded(_derivation, goals.Options.AllowsContentAddressing))
            {
                Resolve(scheduler, inputs);
            }
            else
            {
                Build(scheduler);
            }
        });
    }

    private StorePath? FindImpureInput() =>
        goals.Options.AllowsImpure && !_derivation.IsFixed && !_derivation.Outputs.Any(o => o.Output is DerivationOutput.Impure)
            ? _derivation.InputDerivations.Select(i => i.Path).FirstOrDefault(
                p => goals.Derivations.IsValid(p) && goals.Derivations.Read(p).Outputs.Any(o => o.Output is DerivationOutput.Impure))
            : null;

    private void Resolve(GoalScheduler scheduler, List<DerivationGoal> inputs)
    {
        var results = inputs.DistinctBy(i => i.Requested).ToDictionary(i => i.Requested, i => i.Result!);
        var resolved = DerivationResolver.Resolve(_derivation, Directory, output =>
            results[output.Derivation].Outputs.GetValueOrDefault(output.Output) ?? goals.Outputs.FindPath(output))
            ?? throw new BuildException(
                BuildStatus.MiscFailure, $"outputs that '{Directory.Absolute(_path)}' needs were built, but their paths are not known");
        var path = DerivationPaths.Of(resolved, Directory);
        goals.Log.Stop(goals.Log.Start(
            Verbosity.Info, ActivityKind.BuildWaiting, $"resolved derivation: '{Directory.Absolute(_path)}' -> '{Directory.Absolute(path)}'", 0,
            Directory.Absolute(_path), Directory.Absolute(path)));
        var goal = goals.Resolved(path, resolved, wanted, mode);
        Await(scheduler, [goal], () => AfterResolved(scheduler, path, goal.Result!));
    }

    private void AfterResolved(GoalScheduler scheduler, StorePath path, BuildResult result)
    {
        if (!result.IsSuccess)
        {
            Fail(scheduler, new BuildException(
                BuildStatus.DependencyFailed, $"build of resolved derivation '{Directory.Absolute(path)}' failed"));
            return;
        }

        if (goals.Options.AllowsContentAddressing && !_derivation.Outputs.Any(o => o.Output is DerivationOutput.Impure))
        {
            foreach (var (name, output) in result.Outputs)
            {
                goals.Register(new Realisation(goals.Outputs.Id(_derivation, name), output));
            }
        }

        Finish(scheduler, result with
        {
            Status = result.Status == BuildStatus.AlreadyValid ? BuildStatus.ResolvesToAlreadyValid : result.Status,
        });
    }

    private void Build(GoalScheduler scheduler)
    {
        var goal = goals.Build(_path, _derivation, mode, mustWrite: given is not null);
        Await(scheduler, [goal], () =>
        {
            var result = goal.Result!;
            if (!result.IsSuccess)
            {
                Finish(scheduler, result);
                return;
            }

            var outputs = _names.ToImmutableSortedDictionary(
                n => n, n => result.Outputs.GetValueOrDefault(n) ?? goals.Outputs.Find(_path, _derivation, n, checksContent: false).Path!,
                Utf8Order.Comparer);
            Finish(scheduler, result with { Outputs = outputs });
        }, takesOverFailure: true);
    }

    private void RepairClosure(GoalScheduler scheduler, ImmutableSortedDictionary<string, InitialOutput> outputs)
    {
        var own = outputs.Values.Select(o => o.Path!).ToHashSet();
        var makers = new Dictionary<StorePath, StorePath>();
        var holder = goals.Derivations.Holder(_path);
        foreach (var derivation in holder.Closure.Of([_path]).Where(p => p.IsDerivation))
        {
            foreach (var made in holder.FindOutputs(derivation).Values.OfType<StorePath>())
            {
                makers[made] = derivation;
            }
        }

        var broken = new List<Goal>();
        foreach (var path in goals.Store.Closure.Of(own).Where(p => !own.Contains(p) && !goals.Outputs.IsGood(p)))
        {
            goals.Log.Write(
                Verbosity.Error,
                $"found corrupted or missing path '{Directory.Absolute(path)}' in the output closure of '{Directory.Absolute(_path)}'");
            broken.Add(makers.TryGetValue(path, out var maker)
                ? goals.Derivation(new SingleDerivedPath.Opaque(maker), OutputsSpec.All.Instance, BuildMode.Repair)
                : goals.Object(path, repair: true));
        }

        Await(scheduler, broken, () =>
        {
            if (Failed > 0)
            {
                Fail(scheduler, new BuildException(
                    BuildStatus.MiscFailure,
                    $"some paths in the output closure of derivation '{Directory.Absolute(_path)}' could not be repaired"));
                return;
            }

            Succeed(scheduler, BuildStatus.AlreadyValid, outputs);
        });
    }

    /// <summary>The derivation as it was asked for.</summary>
    internal SingleDerivedPath Requested => wantedDerivation;

    private void Succeed(GoalScheduler scheduler, BuildStatus status, ImmutableSortedDictionary<string, InitialOutput> outputs) =>
        Finish(scheduler, new BuildResult
        {
            Status = status,
            Outputs = outputs.ToImmutableSortedDictionary(o => o.Key, o => o.Value.Path!, Utf8Order.Comparer),
        });

    private void Fail(GoalScheduler scheduler, BuildException error) =>
        Finish(scheduler, new BuildResult { Status = error.Status, Failure = error.Diagnostic });
}
