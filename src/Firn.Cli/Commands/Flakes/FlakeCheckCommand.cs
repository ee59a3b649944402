using Firn.Building;
using Firn.Cli.Parsing;
using Firn.Flakes;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary><c>nix flake check</c>: evaluates all that a flake offers, and builds its checks.</summary>
internal sealed class FlakeCheckCommand : FlakeCommand
{
    private bool _allSystems;
    private bool _builds = true;

    public override string Summary => "check whether the flake evaluates and run its tests";

    public override string Examples => """
        # Check the flake in this folder:
        $ nix flake check
        # Only that it evaluates:
        $ nix flake check --no-build
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        grammar
            .Flag("no-build", "Do not build checks.", () => _builds = false)
            .Flag("all-systems", "Check the outputs for all systems.", () => _allSystems = true);
    }

    public override int Run(Session session, Output output)
    {
        var source = Source(session, isReadOnly: !_builds);
        var keepsGoing = session.Get<BuildSettings>().KeepGoing;
        var checker = source.Run((eval, outputs) =>
        {
            var outputChecker = new OutputChecker(eval, session, _allSystems, keepsGoing);
            outputChecker.Check(outputs);
            return outputChecker;
        });
        var isWrong = checker.HasFailed;
        if (_builds && checker.Checks.Count > 0)
        {
            isWrong |= !Build(session, checker.Checks, keepsGoing);
        }

        if (isWrong)
        {
            throw new FlakeException(FlakeErrors.BadOutput, "some errors were encountered during the evaluation");
        }

        session.Log.Write(Verbosity.Info, "all checks passed!");
        if (checker.OmittedSystems.Count > 0)
        {
            session.Log.Write(
                Verbosity.Warning,
                $"The check omitted these incompatible systems: {string.Join(", ", checker.OmittedSystems)}\nUse '--all-systems' to check all.");
        }

        return 0;
    }

    /// <summary>Builds what is not built, and not known to have been built elsewhere.</summary>
    private static bool Build(Session session, IReadOnlyDictionary<StorePath, List<string>> checks, bool keepsGoing)
    {
        DerivedPath All(StorePath derivation) => DerivedPath.Of(derivation, OutputsSpec.All.Instance);
        List<StorePath> missing = [.. session.FindMissing([.. checks.Keys.Select(All)]).WillBuild];
        session.Log.Write(Verbosity.Info, $"running {missing.Count} flake checks...");
        var results = session.Store.Builds.Build([.. missing.Select(All)], BuildMode.Normal, session.Cancellation);
        // What failed by itself comes before what failed because of that.
        var failed = results.Items.Where(i => !i.Result.IsSuccess).DistinctBy(i => i.Path).OrderBy(i => i.Result.Status == BuildStatus.DependencyFailed);
        foreach (var (path, result) in failed)
        {
            foreach (var check in checks.GetValueOrDefault(path.BasePath) ?? [""])
            {
                var told = result.Failure! with
                {
                    Message = (check.Length > 0 ? $"failed to build attribute '{check}', " : "") + $"build of '{path.ToString(session.StoreDirectory)}' failed: {result.Failure.Message}",
                };
                if (!keepsGoing)
                {
                    throw new BuildException(result.Status, told).WithExitStatus(1);
                }

                (session.Log as Rendering.IDiagnosticLog)?.Write(told, showsTrace: false);
            }
        }

        return results.IsSuccess;
    }
}
