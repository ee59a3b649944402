using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Processes;
using Firn.Store.Local;

namespace Firn.Building.Outputs;

/// <summary>Decides whether a second build of an output came out as the first.</summary>
/// <param name="store">Where the first is.</param>
/// <param name="settings">Whether to keep the second, and which program shows how they differ.</param>
/// <param name="log">Who is told.</param>
/// <param name="environment">The environment of that program.</param>
public sealed class OutputComparison(LocalStore store, BuildSettings settings, IMessageLog log, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Compares what is at <paramref name="path"/> with the object that is registered.</summary>
    /// <exception cref="BuildException">They differ.</exception>
    public void Compare(StorePath derivation, string path, PathInfo info)
    {
        if (store.Find(info.Path) is not { } old)
        {
            return;
        }

        if (old.NarHash.Equals(info.NarHash))
        {
            if (!old.IsUltimate)
            {
                // It is verified now.
                store.RegisterValidPaths([old with { IsUltimate = true }]);
            }

            return;
        }

        var first = store.Layout.RealPath(info.Path);
        var name = store.Directory.Absolute(derivation);
        var hook = settings.RunDiffHook ? settings.DiffHook : null;
        if (hook is null && !settings.KeepFailed)
        {
            throw new BuildException(
                BuildStatus.NotDeterministic, $"derivation '{name}' may not be deterministic: output \"{first}\" differs");
        }

        var second = first + ".check";
        FileTree.Delete(second);
        StoreMoves.Move(path, second);
        if (hook is not null)
        {
            Show(hook, first, second, name);
        }

        throw new BuildException(
            BuildStatus.NotDeterministic, $"derivation '{name}' may not be deterministic: output \"{first}\" differs from \"{second}\"");
    }

    private void Show(string hook, string first, string second, string derivation)
    {
        try
        {
            var (end, output) = ProgramOutput.Run(
                Programs.Find(hook, environment), [first, second, derivation, Path.GetTempPath()],
                environment.Select(v => $"{v.Key}={v.Value}"), errors: 2);
            if (!end.IsSuccess)
            {
                log.Write(Verbosity.Error, $"diff hook execution failed: diff-hook program \"{hook}\" {end}");
            }
            else if (output.Length > 0)
            {
                log.Write(Verbosity.Error, output.TrimEnd());
            }
        }
        catch (ProcessException e)
        {
            log.Write(Verbosity.Error, $"diff hook execution failed: {e.Message}");
        }
    }
}

/// <summary>Finds programs as a shell does.</summary>
internal static class Programs
{
    /// <summary>Returns where a program is by the variable <c>PATH</c>; a name with a slash is one already.</summary>
    public static string Find(string name, IReadOnlyDictionary<string, string> environment) => name.Contains('/')
        ? name
        : (environment.GetValueOrDefault("PATH") ?? "").Split(':').Select(d => $"{d}/{name}").FirstOrDefault(File.Exists) ?? name;
}
