using Firn.Building;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.StorePaths;
using Firn.Platform.Processes;
using Firn.Sandbox.Users;

namespace Firn.Sandbox;

/// <summary>Decides whether a build runs in a sandbox and as whom, and makes its place.</summary>
public sealed class BuildChambers(SandboxSettings settings, IReadOnlyDictionary<string, string> environment) : IBuildChambers
{
    private readonly OrphanWatch _watch = new();

    public bool HasBuildUsers => BuildUser.AreUsed(settings);

    public IReadOnlyList<string>? HostPaths => settings.Sandbox == SandboxMode.Enabled
        ? [.. settings.SandboxPaths.Select(SandboxPath.Parse).Where(p => p.Target == p.Source).Select(p => p.Source)]
        : null;

    public bool MayShow(string builder, StoreDirectory directory) => settings.Sandbox != SandboxMode.Enabled || SandboxPath.MayHold(
        [directory.Path, settings.SandboxBuildDir, .. settings.SandboxPaths.Select(p => SandboxPath.Parse(p).Target), .. settings.AllowedImpureHostDeps], builder);

    public IBuildChamber? TryOpen(ChamberRequest request)
    {
        CoreDumps.Avoid();
        var isSandboxed = request.External is null && IsSandboxed(request);
        var bubblewrap = isSandboxed ? FindBubblewrap() : null;
        BuildUser? user = null;
        if (BuildUser.AreUsed(settings))
        {
            user = BuildUser.TryTake(settings, request.StateDirectory);
            if (user is null)
            {
                return null;
            }
        }

        BuildDirectory? directory = null;
        try
        {
            if (user is not null)
            {
                // What an earlier build left behind must be gone before this one's files are handed over.
                UserProcesses.Kill(user.Credentials);
            }

            directory = BuildDirectory.Create(request.BuildsDirectory ?? $"{request.StateDirectory}/builds", user, isNested: bubblewrap is not null || request.External is not null);
            return request.External is { } external
                ? new ExternalChamber(new PlainChamber(request, settings, directory, user, _watch), request, external, directory, environment)
                : bubblewrap is null
                ? new PlainChamber(request, settings, directory, user, _watch)
                : new BubblewrapChamber(request, settings, bubblewrap, directory, user, root => RunHook(request, root));
        }
        catch
        {
            directory?.Dispose();
            user?.Dispose();
            throw;
        }
    }

    public string FindImpureVariable(string name) =>
        settings.ImpureEnv.GetValueOrDefault(name) ?? environment.GetValueOrDefault(name) ?? "";

    private bool IsSandboxed(ChamberRequest request)
    {
        var derivation = request.Directory.Absolute(request.Path);
        if (settings.Sandbox == SandboxMode.Enabled && request.Options.IsOutsideSandbox)
        {
            throw new BuildException(
                BuildStatus.InputRejected,
                $"derivation '{derivation}' has '__noChroot' set, but that's not allowed when 'sandbox' is 'true'");
        }

        // A store that is elsewhere than its paths say exists for builders only in a sandbox.
        var isDiverted = request.Directory.Path != request.RealStoreDirectory;
        var wanted = isDiverted || settings.Sandbox switch
        {
            SandboxMode.Enabled => true,
            SandboxMode.Relaxed => request.IsIsolated && !request.Options.IsOutsideSandbox,
            _ => false,
        };
        if (!wanted && request.Options.RequiredSystemFeatures.Contains("uid-range"))
        {
            throw new BuildException(BuildStatus.InputRejected, "feature 'uid-range' is only supported in sandboxed builds");
        }

        if (request.Options.RequiredSystemFeatures.Contains("uid-range"))
        {
            throw new BuildException(
                BuildStatus.InputRejected, $"derivation '{derivation}' requires the feature 'uid-range', which this version cannot give");
        }

        if (wanted && request.WithoutSandbox && isDiverted)
        {
            throw new BuildException(
                BuildStatus.MiscFailure,
                $"a store in '{request.RealStoreDirectory}' whose paths start with '{request.Directory.Path}' can only be built for in a sandbox, and this system allows none");
        }

        return wanted && !request.WithoutSandbox;
    }

    private string FindBubblewrap()
    {
        var path = environment.GetValueOrDefault("PATH") ?? "";
        var found = path.Split(':').Append("/usr/bin").Append("/run/current-system/sw/bin")
            .Where(d => d.StartsWith('/')).Select(d => $"{d}/bwrap").FirstOrDefault(File.Exists);
        return found ?? throw new BuildException(
                BuildStatus.MiscFailure,
                "builds run in a sandbox, and the program 'bwrap' that makes it is not installed (package 'bubblewrap'); use '--no-sandbox' to do without");
    }

    private IEnumerable<SandboxPath> RunHook(ChamberRequest request, string root)
    {
        if (request.PreBuildHook is not { } hook)
        {
            return [];
        }

        var (end, output) = ProgramOutput.Run(
            hook, [request.Directory.Absolute(request.Path), root], environment.Select(v => $"{v.Key}={v.Value}"), errors: 2);
        return end.IsSuccess
            ? SandboxPath.ParseHookOutput(output)
            : throw new BuildException(BuildStatus.MiscFailure, $"program '{hook}' {end}");
    }
}
