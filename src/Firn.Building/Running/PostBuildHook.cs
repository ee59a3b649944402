using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Processes;

namespace Firn.Building.Running;

/// <summary>Runs the program that the settings name after each build, to upload what was built for example.</summary>
public sealed class PostBuildHook(StoreDirectory directory, BuildSettings settings, BuilderOptions options, IActivityLog log)
{
    /// <summary>Tells the program what was built; nothing happens when there is none.</summary>
    /// <exception cref="BuildException">It failed.</exception>
    public void Run(StorePath derivation, IEnumerable<StorePath> outputs)
    {
        if (settings.PostBuildHook is not { Length: > 0 } hook)
        {
            return;
        }

        var name = directory.Absolute(derivation);
        var activity = log.Start(Verbosity.Talkative, ActivityKind.PostBuildHook, $"running post-build-hook '{hook}'", 0, name);
        var variables = new Dictionary<string, string>(options.Environment)
        {
            ["DRV_PATH"] = name,
            ["OUT_PATHS"] = string.Join(' ', outputs.Order().Select(directory.Absolute)),
            ["NIX_CONFIG"] = options.WriteConfiguration(),
        };
        try
        {
            var (end, output) = ProgramOutput.Run(hook.Contains('/') ? Path.GetFullPath(hook) : hook, [], variables.Select(v => $"{v.Key}={v.Value}"));
            foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                log.Report(activity, ActivityEvent.PostBuildLogLine, line);
            }

            if (!end.IsSuccess)
            {
                throw new BuildException(BuildStatus.MiscFailure, $"program '{hook}' {end}");
            }
        }
        finally
        {
            log.Stop(activity);
        }
    }
}
