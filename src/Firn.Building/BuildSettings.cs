using System.Collections.Immutable;
using Firn.Model.Settings;

namespace Firn.Building;

/// <summary>How many builds run, where, and under which limits.</summary>
public sealed partial record BuildSettings
{
    /// <summary>How many derivations are built on this machine at once; 0 sends every build elsewhere, auto means one for each processor.</summary>
    [Setting("max-jobs", Aliases = ["build-max-jobs"], Form = typeof(JobCountForm))]
    public int MaxJobs { get; init; } = 1;

    /// <summary>How many store objects are fetched from substituters at once.</summary>
    [Setting("max-substitution-jobs", Aliases = ["substitution-max-jobs"], Form = typeof(JobCountForm))]
    public int MaxSubstitutionJobs { get; init; } = 16;

    /// <summary>How many processors one build should use, given to it as NIX_BUILD_CORES; 0 means all.</summary>
    [Setting("cores", Aliases = ["build-cores"])]
    public int Cores { get; init; }

    /// <summary>How many seconds a build may print nothing before it is stopped; 0 means for ever.</summary>
    [Setting("max-silent-time", Aliases = ["build-max-silent-time"])]
    public TimeSpan MaxSilentTime { get; init; }

    /// <summary>How many seconds a build may take before it is stopped; 0 means for ever.</summary>
    [Setting("timeout", Aliases = ["build-timeout"])]
    public TimeSpan Timeout { get; init; }

    /// <summary>How many bytes a build may print before it is stopped; 0 means any number.</summary>
    [Setting("max-build-log-size", Aliases = ["build-max-log-size"])]
    public long MaxBuildLogSize { get; init; }

    /// <summary>Keep the temporary directories of failed builds.</summary>
    [Setting("keep-failed")]
    public bool KeepFailed { get; init; }

    /// <summary>Go on with other builds when one has failed.</summary>
    [Setting("keep-going")]
    public bool KeepGoing { get; init; }

    /// <summary>Keep the logs of builds.</summary>
    [Setting("keep-build-log", Aliases = ["build-keep-log"])]
    public bool KeepBuildLog { get; init; } = true;

    /// <summary>Compress the logs that are kept.</summary>
    [Setting("compress-build-log", Aliases = ["build-compress-log"])]
    public bool CompressBuildLog { get; init; } = true;

    /// <summary>How many of the last lines of its log are shown when a build fails.</summary>
    [Setting("log-lines")]
    public int LogLines { get; init; } = 25;

    /// <summary>Build from source what could not be fetched from a substituter.</summary>
    [Setting("fallback", Aliases = ["build-fallback"])]
    public bool Fallback { get; init; }

    /// <summary>How many seconds pass between two looks at whether a lock is free.</summary>
    [Setting("build-poll-interval")]
    public TimeSpan BuildPollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The program and arguments that run builds on other machines.</summary>
    [Setting("build-hook")]
    public ImmutableArray<string> BuildHook { get; init; } = [];

    /// <summary>The machines that builds can be sent to, separated by semicolons or newlines; @file reads them from a file.</summary>
    [Setting("builders")]
    public string Builders { get; init; } = "";

    /// <summary>Let other machines fetch what they need from their own substituters.</summary>
    [Setting("builders-use-substitutes")]
    public bool BuildersUseSubstitutes { get; init; }

    /// <summary>A program to run after each successful build.</summary>
    [Setting("post-build-hook")]
    public string? PostBuildHook { get; init; }

    /// <summary>A program to run before each build, which can add settings to it.</summary>
    [Setting("pre-build-hook")]
    public string? PreBuildHook { get; init; }

    /// <summary>A program that shows how the outputs of two builds of one derivation differ.</summary>
    [Setting("diff-hook")]
    public string? DiffHook { get; init; }

    /// <summary>Run the diff-hook when a repeated build gives another output.</summary>
    [Setting("run-diff-hook")]
    public bool RunDiffHook { get; init; }

    /// <summary>The system type that this machine builds for.</summary>
    [Setting("system")]
    public string System { get; init; } = SystemTypes.Current;

    /// <summary>Other system types whose programs run on this machine.</summary>
    [Setting("extra-platforms")]
    public ImmutableSortedSet<string> ExtraPlatforms { get; init; } = SettingForm.NoWords;

    /// <summary>What this machine offers to builds that ask for it by requiredSystemFeatures.</summary>
    [Setting("system-features")]
    public ImmutableSortedSet<string> SystemFeatures { get; init; } = SystemTypes.Features;

    /// <summary>Say what will be built or fetched before doing it.</summary>
    [Setting("print-missing")]
    public bool PrintMissing { get; init; } = true;

    /// <summary>The directory in which builds get their temporary directories.</summary>
    [Setting("build-dir")]
    public string? BuildDir { get; init; }

    /// <summary>Programs that build for certain system types, as a JSON list.</summary>
    [Setting("external-builders", Feature = "external-builders")]
    public string ExternalBuilders { get; init; } = "[]";

    /// <summary>Servers that have files under the names of their hashes.</summary>
    [Setting("hashed-mirrors")]
    public ImmutableArray<string> HashedMirrors { get; init; } = [];

    /// <summary>Fetch even what its derivation asks to build on the spot (allowSubstitutes = false).</summary>
    [Setting("always-allow-substitutes")]
    public bool AlwaysAllowSubstitutes { get; init; }
}
