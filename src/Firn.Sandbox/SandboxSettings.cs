using System.Collections.Immutable;
using Firn.Model.Settings;
using Firn.Sandbox.Users;
using Firn.Platform.Linux;

namespace Firn.Sandbox;

/// <summary>What a build can see and do.</summary>
public sealed partial record SandboxSettings
{
    /// <summary>Build in a sandbox: true, false, or relaxed, which lets derivations with __noChroot out of it.</summary>
    [Setting("sandbox", Aliases = ["build-use-chroot", "build-use-sandbox"], Form = typeof(SandboxModeForm))]
    public SandboxMode Sandbox { get; init; } = SandboxMode.Enabled;

    /// <summary>Host paths that every build sees, as path or target=source; a ? behind makes it optional.</summary>
    [Setting("sandbox-paths", Aliases = ["build-chroot-dirs", "build-sandbox-paths"])]
    public ImmutableArray<string> SandboxPaths { get; init; } = [];

    /// <summary>Where a build finds its temporary directory inside the sandbox.</summary>
    [Setting("sandbox-build-dir")]
    public string SandboxBuildDir { get; init; } = "/build";

    /// <summary>How large /dev/shm is inside the sandbox.</summary>
    [Setting("sandbox-dev-shm-size")]
    public string SandboxDevShmSize { get; init; } = "50%";

    /// <summary>Build without a sandbox where the kernel allows none.</summary>
    [Setting("sandbox-fallback")]
    public bool SandboxFallback { get; init; } = true;

    /// <summary>Forbid builds the system calls that make set-uid files and extended attributes.</summary>
    [Setting("filter-syscalls")]
    public bool FilterSyscalls { get; init; } = true;

    /// <summary>Let programs in builds gain privileges, by set-uid for example.</summary>
    [Setting("allow-new-privileges")]
    public bool AllowNewPrivileges { get; init; }

    /// <summary>Show builds a kernel version of 2.6.</summary>
    [Setting("impersonate-linux-26", Aliases = ["build-impersonate-linux-26"])]
    public bool ImpersonateLinux26 { get; init; }

    /// <summary>Host paths that a derivation may ask for by __impureHostDeps.</summary>
    [Setting("allowed-impure-host-deps")]
    public ImmutableArray<string> AllowedImpureHostDeps { get; init; } = [];

    /// <summary>The group whose members are the users that builds run as; empty means the calling user. For root, nixbld where there is such a group.</summary>
    [Setting("build-users-group")]
    public string BuildUsersGroup { get; init; } = DefaultBuildUsersGroup.Find();

    /// <summary>Take free user ids for builds instead of members of a group.</summary>
    [Setting("auto-allocate-uids", Feature = "auto-allocate-uids")]
    public bool AutoAllocateUids { get; init; }

    /// <summary>The first user id to take for builds.</summary>
    [Setting("start-id")]
    public long StartId { get; init; } = 872415232;

    /// <summary>How many user ids there are to take for builds.</summary>
    [Setting("id-count")]
    public long IdCount { get; init; } = 8388608;

    /// <summary>Run each build in a control group of its own.</summary>
    [Setting("use-cgroups")]
    public bool UseCgroups { get; init; }

    /// <summary>Fail rather than keep supplementary groups inside the sandbox.</summary>
    [Setting("require-drop-supplementary-groups")]
    public bool RequireDropSupplementaryGroups { get; init; } = CurrentUser.IsRoot;

    /// <summary>Environment variables for fixed-output builds that ask for them by impureEnvVars.</summary>
    [Setting("impure-env", Feature = "configurable-impure-env")]
    public ImmutableSortedDictionary<string, string> ImpureEnv { get; init; } = SettingForm.NoPairs;
}
