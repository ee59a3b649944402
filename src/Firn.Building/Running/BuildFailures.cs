using System.Globalization;
using System.Text;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Platform.Processes;

namespace Firn.Building.Running;

/// <summary>Words what a person is told about a build that failed.</summary>
public sealed class BuildFailures(StoreDirectory directory, BuilderOptions options)
{
    /// <summary>A builder ended badly.</summary>
    public BuildException Builder(BuildJob job, ProcessEnd end, IReadOnlyCollection<string> tail, bool isDiskFull)
    {
        var text = new StringBuilder($"Cannot build '{directory.Absolute(job.Path)}'.\nReason: builder {end}.{Outputs(job.Derivation)}");
        if (!options.ShowsBuildLogs && tail.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nLast {tail.Count} log lines:\n");
            foreach (var line in tail)
            {
                text.Append("> ").Append(line).Append('\n');
            }

            var command = options.HasNixCommand ? "nix log" : "nix-store -l";
            text.Append(CultureInfo.InvariantCulture, $"For full logs, run:\n  {command} {directory.Absolute(job.Path)}");
        }

        text.Append(isDiskFull ? "\nnote: build failure may have been caused by lack of free disk space" : "");
        return new BuildException(
            !job.IsIsolated || isDiskFull ? BuildStatus.TransientFailure : BuildStatus.PermanentFailure,
            text.ToString());
    }

    /// <summary>Adds to a builder's failure what was waiting for it, nearest first, and how to look around in it.</summary>
    public Diagnostic WithWaiting(Diagnostic failure, StorePath path, IReadOnlyList<StorePath> waiting)
    {
        const int shown = 4;
        var text = new StringBuilder(failure.Message);
        if (waiting.Count > 0)
        {
            text.Append("\nNeeded by:");
            var paths = waiting.Count <= shown ? waiting : [.. waiting.Take(shown - 1), waiting[^1]];
            for (var i = 0; i < paths.Count; i++)
            {
                text.Append(i == shown - 1 && waiting.Count > shown ? $"\n  … {waiting.Count - shown} more, and at the end" : "");
                text.Append("\n  ").Append(directory.Absolute(paths[i]));
            }
        }

        if (options.HasNixCommand && options.DebugShell is null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nTo look around in the failed build, run:\n  nix build --debug-failed '{directory.Absolute(path)}^*'");
        }

        return failure with { Message = text.ToString() };
    }

    /// <summary>Inputs could not be made.</summary>
    public BuildException Dependencies(StorePath path, Derivation derivation, int failed) => new(
        BuildStatus.DependencyFailed,
        $"Cannot build '{directory.Absolute(path)}'.\nReason: {failed} {(failed == 1 ? "dependency" : "dependencies")} failed.{Outputs(derivation)}");

    /// <summary>A builder took too long.</summary>
    public static BuildException Timeout(TimeSpan limit) =>
        new(BuildStatus.TimedOut, $"timed out after {(long)limit.TotalSeconds} seconds");

    /// <summary>A builder printed too much.</summary>
    public BuildException LogTooLong(StorePath path, long limit) => new(
        BuildStatus.LogLimitExceeded,
        $"building derivation '{directory.Absolute(path)}' killed after writing more than {limit} bytes of log output");

    /// <summary>This machine cannot run the builder.</summary>
    public BuildException Rejected(StorePath path, MachineMismatch mismatch)
    {
        var text = new StringBuilder($"Cannot build '{directory.Absolute(path)}'.");
        if (mismatch.IsLocalBuildDisabled)
        {
            text.Append(
                "\nReason: local builds are disabled (max-jobs = 0)"
                + "\nHint: set 'max-jobs' to a non-zero value to enable local builds, or configure remote builders via 'builders'");
        }

        if (mismatch.Platform is { } platform)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nReason: platform mismatch\nRequired system: '{platform.Required}'\nCurrent system: '{platform.Current}'");
        }

        if (mismatch.Features is { } features)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nReason: missing system features\nRequired features: {{{string.Join(", ", features.Required)}}}\nAvailable features: {{{string.Join(", ", features.Available)}}}");
        }

        return new BuildException(BuildStatus.InputRejected, new Diagnostic(BuildErrors.InputRejected, text.ToString()));
    }

    private string Outputs(Derivation derivation)
    {
        var paths = derivation.Outputs
            .Select(o => o.Output.FindPath(directory, derivation.Name, o.Name)).OfType<StorePath>().Order().ToList();
        return paths.Count == 0 ? "" : "\nOutput paths:" + string.Concat(paths.Select(p => $"\n  {directory.Absolute(p)}"));
    }
}

/// <summary>Why a derivation cannot be built on this machine.</summary>
/// <param name="IsLocalBuildDisabled">Whether <c>max-jobs</c> is 0.</param>
/// <param name="Platform">The system type asked for and the own one, where they differ.</param>
/// <param name="Features">The features asked for and the own ones, where some are missing.</param>
public sealed record MachineMismatch(
    bool IsLocalBuildDisabled, (string Required, string Current)? Platform, (IReadOnlyCollection<string> Required, IReadOnlyCollection<string> Available)? Features)
{
    /// <summary>Compares what a derivation asks for with what there is; null when it can be built here.</summary>
    public static MachineMismatch? Find(Derivation derivation, IReadOnlySet<string> features, BuildSettings settings, IReadOnlySet<string> available)
    {
        var system = derivation.Platform.ToString();
        var fits = derivation.IsBuiltin || system == settings.System || settings.ExtraPlatforms.Contains(system)
            || ExternalBuilder.Find(settings, system) is not null;
        var hasAll = features.IsSubsetOf(available);
        var isDisabled = settings.MaxJobs == 0;
        return fits && hasAll && !isDisabled
            ? null
            : new MachineMismatch(isDisabled, fits ? null : (system, settings.System), hasAll ? null : ([.. features], [.. available]));
    }
}
